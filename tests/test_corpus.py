"""A corpus is read whole or refused with all that is wrong in it."""

import sys
from pathlib import Path

import pytest

from rasid.infer.articles import Article
from rasid.infer.errors import EncodingError, InputError, MissingExtraError
from rasid.infer.formats.brat import write_brat
from rasid.infer.formats.conll import write_conll
from rasid.infer.formats.corpus import read_corpus
from rasid.infer.formats.jsonl import article_to_json, write_jsonl


@pytest.fixture
def gold(annotated_articles: Path) -> list[Article]:
    return read_corpus(annotated_articles / "train")


def test_ids_are_paths_inside_the_folder_in_their_order(annotated_articles: Path) -> None:
    found = [article.id for article in read_corpus(annotated_articles)]
    assert found == sorted(found)
    assert {name.partition("/")[0] for name in found} == {"train", "dev"}
    assert all((annotated_articles / f"{name}.txt").exists() for name in found)


def test_every_format_gives_the_same_articles(tmp_path: Path, gold: list[Article]) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    write_jsonl(gold, tmp_path / "a.jsonl")
    for article in gold:
        write_brat(article, tmp_path / "pairs")
    parquet.write_table(arrow.Table.from_pylist([article_to_json(article) for article in gold]), tmp_path / "a.parquet")
    assert read_corpus(tmp_path / "a.jsonl") == gold
    assert read_corpus(tmp_path / "pairs") == gold
    assert read_corpus(tmp_path / "a.parquet") == gold


def test_a_folder_of_files_of_many_articles_is_read(tmp_path: Path, gold: list[Article]) -> None:
    write_conll(gold[:2], tmp_path / "a.conll")
    write_jsonl(gold[2:], tmp_path / "b.jsonl")
    (tmp_path / "README.txt").write_text("no article")
    assert [article.text for article in read_corpus(tmp_path)] == [article.text for article in gold]


def test_every_bad_file_is_told_in_one_error(tmp_path: Path, gold: list[Article]) -> None:
    write_brat(gold[0], tmp_path / "good.txt")
    (tmp_path / "lone.txt").write_bytes(b"")
    (tmp_path / "orphan.ann").write_bytes(b"")
    (tmp_path / "latin.txt").write_bytes(b"\xe9")
    (tmp_path / "latin.ann").write_bytes(b"")
    (tmp_path / "wrong.txt").write_text("نفى", encoding="utf-8")
    (tmp_path / "wrong.ann").write_text("T1\tDENIAL 0 3\tنفى\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_corpus(tmp_path)
    message = str(caught.value)
    assert "4 faults" in message
    for part in (
        "lone.txt: there is no lone.ann beside it",
        "orphan.ann: there is no orphan.txt beside it",
        "latin.txt: expected UTF-8, found byte 0xE9 at byte 0",
        "wrong.ann:1: span T1: scheme 'conflict' has no label 'DENIAL'",
    ):
        assert message.count(part) == 1


def test_a_corpus_that_is_only_wrongly_encoded_says_so_by_type(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xff\n\xff\n")
    with pytest.raises(EncodingError, match="2 faults"):
        read_corpus(tmp_path)


def test_many_faults_of_one_file_are_cut_short_and_counted(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("ا X\n" * 30, encoding="utf-8")
    with pytest.raises(InputError, match=r"30 faults:\n(.*\n){10}.*a\.conll: 20 more"):
        read_corpus(tmp_path)


def test_repairs_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("«نفى»", encoding="utf-8")
    (tmp_path / "a.ann").write_text("T1\tDENY 0 5\t«نفى»\n", encoding="utf-8")
    repairs: list[str] = []
    (article,) = read_corpus(tmp_path, repair=True, on_repair=repairs.append)
    assert article.spans[0].text == "نفى"
    assert len(repairs) == 1


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "x", "text": "a"}\n{"id": "x", "text": "b"}\n')
    with pytest.raises(InputError, match=r"a\.jsonl:2: the article id x is used twice, first at .*a\.jsonl:1"):
        read_corpus(tmp_path / "a.jsonl")


@pytest.mark.parametrize("name", ["missing", "missing.jsonl", "empty", "a.pdf"])
def test_a_path_without_articles_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.pdf").touch()
    with pytest.raises(InputError, match=f"{name}.*(expected|there is no such file)"):
        read_corpus(tmp_path / name)


def test_two_formats_in_one_folder_are_refused(tmp_path: Path, gold: list[Article]) -> None:
    write_brat(gold[0], tmp_path / "a.txt")
    write_jsonl(gold, tmp_path / "a.jsonl")
    with pytest.raises(InputError, match=r"expected one format, found 1 \.ann files and a\.jsonl"):
        read_corpus(tmp_path)


def test_parquet_without_pyarrow_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"rasid\[train\]"):
        read_corpus(tmp_path / "a.parquet")
