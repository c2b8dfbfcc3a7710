"""The audit counts what a corpus holds and names what is wrong, where a strict reader would only refuse."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from rasid.infer.errors import InputError
from rasid.infer.formats.drafts import FaultKind
from rasid.train.auditing.audit import audit_corpus, find_splits
from rasid.train.auditing.audit_table import print_audit
from rasid.train.auditing.check import check

TEXT = "نفى الجيش السوري مقتل 14 شخصا في مدينة حلب"
ANN = "T1\tDENY 0 3\tنفى\nT2\tSTATE 4 16\tالجيش السوري\nT3\tKILLED 17 29\tمقتل 14 شخصا\nT4\tTOWN 33 42\tمدينة حلب\n"
LINKS = "R1\tholder Arg1:T1 Arg2:T2\nR2\tabout Arg1:T1 Arg2:T3\n"


def pair(folder: Path, name: str, text: str = TEXT, ann: str = ANN + LINKS) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_bytes(ann.encode())


def test_labels_and_links_are_counted_per_split(tmp_path: Path) -> None:
    pair(tmp_path / "train", "a")
    pair(tmp_path / "dev", "b", "نفى الجيش", "T1\tDENY 0 3\tنفى\n")
    audit = audit_corpus(tmp_path)
    train, dev = audit.splits
    assert (train.name, dev.name) == ("train", "dev")
    assert (train.articles, train.words, train.labels.total(), train.links.total()) == (1, 9, 4, 2)
    assert train.labels == {"DENY": 1, "STATE": 1, "KILLED": 1, "TOWN": 1}
    assert train.links == {"holder": 1, "about": 1}
    assert train.sources == {"holder": 1, "about": 1}
    assert audit.is_clean


def test_faults_are_counted_by_kind_and_the_good_files_still_count(tmp_path: Path) -> None:
    pair(tmp_path, "good")
    pair(tmp_path, "edges", "«نفى»", "T1\tDENY 0 4\t«نفى\n")
    pair(tmp_path, "overlap", "نفى الجيش", "T1\tDENY 0 9\tنفى الجيش\nT2\tSTATE 4 9\tالجيش\n")
    pair(tmp_path, "shifted", "😀 نفى", "T1\tDENY 3 6\tنفى\n")
    pair(tmp_path, "label", "نفى", "T1\tDENIAL 0 3\tنفى\n")
    pair(tmp_path, "link", "نفى", "T1\tDENY 0 3\tنفى\nR1\tholder Arg1:T1 Arg2:T9\n")
    (tmp_path / "lone.txt").write_bytes(b"")
    (split,) = audit_corpus(tmp_path).splits
    assert split.fault_counts() == {
        FaultKind.WORD_EDGES: 1,
        FaultKind.OVERLAP: 1,
        FaultKind.OFFSETS: 1,
        FaultKind.LABEL: 1,
        FaultKind.LINK: 1,
        FaultKind.FILE: 1,
    }
    assert split.articles == 6
    assert split.labels["DENIAL"] == 1


def test_stances_and_casualties_without_links_are_told_and_places_are_not(tmp_path: Path) -> None:
    pair(tmp_path, "linked")
    pair(tmp_path, "bare", "ثم " + TEXT, "".join(_shifted(line, 3) for line in ANN.splitlines(keepends=True)))
    (split,) = audit_corpus(tmp_path).splits
    assert [(one.id, one.label, one.family) for one in split.unlinked] == [
        ("T1", "DENY", "STANCE"),
        ("T3", "KILLED", "CASUALTY"),
    ]
    assert split.unlinked[0].where.endswith("bare.ann:1")


def _shifted(line: str, chars: int) -> str:
    name, place, text = line.split("\t")
    label, start, end = place.split(" ")
    return f"{name}\t{label} {int(start) + chars} {int(end) + chars}\t{text}"


def test_copies_are_found_inside_and_across_splits(tmp_path: Path) -> None:
    pair(tmp_path / "train", "a")
    pair(tmp_path / "train", "b", ann="")
    pair(tmp_path / "test", "c", TEXT.replace("نفى", "نَفَى") + ".", ann="")
    audit = audit_corpus(tmp_path)
    found = [(copy.first_split, copy.second_split, copy.exact, copy.crosses_splits) for copy in audit.copies]
    assert found == [("train", "train", True, False), ("train", "test", False, True)]
    assert not audit.is_clean


def test_texts_that_hold_nothing_are_no_copies(tmp_path: Path) -> None:
    pair(tmp_path / "train", "a", "\n", "")
    pair(tmp_path / "test", "b", "\n", "")
    (tmp_path / "train" / "lone.txt").touch()
    (tmp_path / "test" / "lone.txt").touch()
    assert audit_corpus(tmp_path).copies == ()


def test_imbalance_names_absent_rare_and_never_learnt_labels(tmp_path: Path) -> None:
    pair(tmp_path / "train", "a", "نفى نفى", "T1\tDENY 0 3\tنفى\nT2\tDENY 4 7\tنفى\n")
    pair(tmp_path / "test", "b")
    found = audit_corpus(tmp_path, rare_below=3).imbalance()
    assert found["rare"] == {"DENY": 2}
    assert "ACCUSE" in found["absent"]
    assert found["judged_but_not_learnt"] == ["STATE", "TOWN", "KILLED"]


def test_splits_are_known_by_their_names_and_others_are_not_lost(tmp_path: Path) -> None:
    for name in ("train", "test", "more"):
        (tmp_path / name).mkdir()
    (tmp_path / "dev.jsonl").touch()
    (tmp_path / "README.md").touch()
    assert list(find_splits(tmp_path)) == ["train", "dev", "test", "more"]
    assert find_splits(tmp_path / "train") == {"all": tmp_path / "train"}


def test_json_holds_every_finding(tmp_path: Path, annotated_articles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(annotated_articles, as_json=True) == 0
    value = json.loads(capsys.readouterr().out)
    assert set(value) == {"path", "scheme", "clean", "splits", "duplicates", "imbalance"}
    assert set(value["splits"]) == {"train", "dev"}
    pair(tmp_path, "edges", "«نفى»", "T1\tDENY 0 4\t«نفى\n")
    assert check(tmp_path, as_json=True) == 1
    split = json.loads(capsys.readouterr().out)["splits"]["all"]
    assert split["faults"]["counts"]["off word edges"] == 1
    assert split["faults"]["list"][0]["repair"] == "moved to 1-4 «نفى»"
    assert split["unlinked"][0]["label"] == "DENY"


def test_the_tables_show_each_count(tmp_path: Path) -> None:
    pair(tmp_path / "train", "a")
    pair(tmp_path / "dev", "b", TEXT, ANN.replace("STATE", "ARMY"))
    out = io.StringIO()
    print_audit(audit_corpus(tmp_path), Console(file=out, width=140))
    shown = out.getvalue()
    for part in (
        "faults: label",
        "KILLED",
        "ARMY",
        "holder",
        "1 · 100.0%",
        "1 exact, 1 across splits",
        "Unlinked",
        "not clean",
    ):
        assert part in shown


def test_a_path_with_nothing_annotated_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found none in 0 files"):
        audit_corpus(tmp_path)


def test_an_empty_split_is_a_fault_of_the_corpus(tmp_path: Path) -> None:
    pair(tmp_path / "train", "a")
    (tmp_path / "dev").mkdir()
    audit = audit_corpus(tmp_path)
    assert [fault.kind for fault in audit.splits[1].faults] == [FaultKind.FILE]
