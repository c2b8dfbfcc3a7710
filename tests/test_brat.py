"""brat files: read and written without loss, and every fault named by file, line and span."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from made_articles import articles

from rasid.infer.articles import Article, Span
from rasid.infer.errors import InputError, OffsetError
from rasid.infer.formats.brat import read_brat, write_brat

TEXT = "نفى الجيش قصف «مدينة الباب» ومقتل 14 شخصا."


def pair(folder: Path, ann: str, text: str = TEXT) -> Path:
    path = folder / "a.txt"
    path.write_bytes(text.encode())
    path.with_suffix(".ann").write_bytes(ann.encode())
    return path


@given(articles(scored=False))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_article_written_is_read_back(tmp_path: Path, article: Article) -> None:
    path = write_brat(article, tmp_path, overwrite=True)
    assert path == tmp_path / "made.txt"
    mark = "\ufeff" if article.text.startswith("\ufeff") else ""
    assert path.read_bytes().decode("utf-8") == mark + article.text
    found = read_brat(path)
    assert found.article == article
    assert found.repairs == []


@given(articles(scored=False))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_offsets_in_utf16_are_repaired_to_the_same_article(tmp_path: Path, article: Article) -> None:
    path = write_brat(article, tmp_path, overwrite=True)
    units = [len(article.text[:at].encode("utf-16-le")) // 2 for at in range(len(article.text) + 1)]
    lines = []
    for line in path.with_suffix(".ann").read_bytes().decode().split("\n"):
        if line.startswith("T"):
            name, place, text = line.split("\t", 2)
            label, start, end = place.split(" ")
            line = f"{name}\t{label} {units[int(start)]} {units[int(end)]}\t{text}"
        lines.append(line)
    path.with_suffix(".ann").write_bytes("\n".join(lines).encode())
    found = read_brat(path, repair=True).article
    # A word repeated side by side can stand at both offsets: its text is the same, its place is not.
    assert [s.text for s in found.spans] == [s.text for s in article.spans]


def test_a_span_over_a_line_end_is_written_on_one_line_and_keeps_its_text(tmp_path: Path) -> None:
    text = "الجيش\r\nالسوري\tالحر"
    article = Article(text, (Span("T1", "ARMED", "ACTOR", 0, len(text), text),), id="a")
    path = write_brat(article, tmp_path)
    assert path.with_suffix(".ann").read_bytes().decode() == "T1\tARMED 0 18\tالجيش  السوري الحر\n"
    assert read_brat(path).article == article


def test_files_of_a_windows_tool_are_read(tmp_path: Path) -> None:
    path = pair(
        tmp_path, "\ufeffT1\tDENY 0 3\tنفى\r\nT2\tSTATE 5 10\tالجيش\r\nR1\tholder Arg1:T1 Arg2:T2\t\r\n", "نفى\r\nالجيش"
    )
    article = read_brat(path).article
    assert [span.text for span in article.spans] == ["نفى", "الجيش"]
    assert article.links[0].target == "T2"


def test_what_brat_has_beyond_spans_and_links_is_passed_over_and_counted(tmp_path: Path) -> None:
    extra = [
        "#1\tAnnotatorNotes T1\tراجع",
        "A1\tNegated T1",
        "M1\tSpeculated T1",
        "E1\tDENY:T1 Holder:T2",
        "N1\tReference T2 Wikidata:Q1\tالجيش",
        "*\tEquiv T1 T2",
        "R1\tholder Arg1:E1 Arg2:T2",
    ]
    ann = "\n".join(["T1\tDENY 0 3\tنفى", "T2\tSTATE 4 9\tالجيش", *extra, ""])
    found = read_brat(pair(tmp_path, ann))
    assert found.passed_over == {
        "notes": 1,
        "attributes": 2,
        "events": 1,
        "normalisations": 1,
        "equivalences": 1,
        "links to events": 1,
    }
    assert len(found.article.spans) == 2
    assert found.article.links == ()


@pytest.mark.parametrize(
    ("ann", "message"),
    [
        ("T1\tDENY 0 3\tنفي", r"a\.ann:1: span T1 «نفي» is given at 0-3, the text has «نفى» there; it is nowhere"),
        ("T1\tDENY 7 10\tنفى", r"a\.ann:1: span T1 .*the nearest is at 0-3: correct it by hand"),
        ("T1\tDENY 900 903\tنفى", r"the text ends at 42"),
        ("\nT1\tDENY 1 4\tنفى", r"a\.ann:2: .*count from 1.*span T1 «نفى» is given at 1-4"),
        ("T1\tSTATE 14 26\t«مدينة الباب", "T1 .* edges of words or numbers .*moved to 15-26 «مدينة الباب»"),
        ("T1\tDENY 3 0\tنفى", "T1: expected start < end, found 3 and 0"),
        ("T1\tDENY 0 3;4 9\tنفى الجيش", r"a\.ann:1: span T1 .* is discontinuous"),
        ("T1\tDENIAL 0 3\tنفى", "T1: scheme 'conflict' has no label 'DENIAL'"),
        ("T1\tDENY 0 3\tنفى\nT1\tSTATE 4 9\tالجيش", r"a\.ann:2: the id T1 is used twice, first at .*a\.ann:1"),
        ("T1\tDENY 0 9\tنفى الجيش\nT2\tSTATE 4 9\tالجيش", "T2 «الجيش» at 4-9 overlaps T1"),
        (
            "T1\tDENY 0 13\tنفى الجيش قصف\nT2\tSTATE 4 9\tالجيش\nT3\tDENY 10 13\tقصف",
            r"2 faults:\n.*T2 «الجيش» at 4-9 overlaps T1.*\n.*T3 «قصف» at 10-13 overlaps T1",
        ),
        ("T1\tDENY 0 3\tنفى\nR1\tholder Arg1:T1 Arg2:T9", r"a\.ann:2: link R1: holder: there is no span T9"),
        ("T1\tDENY 0 3\tنفى\nR1\tholder Arg1:T1 Arg2:T1", "link R1: holder leads from T1 to itself"),
        ("T1\tDENY 0 3\tنفى\nR1\tby Arg1:T1 Arg2:T1", "no link 'by'; it has holder"),
        ("T1\tDENY 0 3\tنفى\nT2\tDENY 4 9\tالجيش\nR1\tholder Arg1:T1 Arg2:T2", "STANCE to ACTOR, but T2 is STANCE"),
        ("T1 DENY 0 3 نفى", r"a\.ann:1: expected «T1<tab>LABEL START END<tab>text»"),
        ("R1\tholder T1 T2", r"a\.ann:1: expected «R1<tab>kind Arg1:T1 Arg2:T2»"),
        ("<html>", r"a\.ann:1: expected a brat annotation"),
    ],
)
def test_a_fault_is_named_by_file_line_and_span(tmp_path: Path, ann: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_brat(pair(tmp_path, ann))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = pair(tmp_path, "T1\tDENIAL 0 3\tنفى\nT2\tARMY 4 9\tالجيش")
    with pytest.raises(InputError, match=r"2 faults:\n.*DENIAL.*\n.*ARMY"):
        read_brat(path)


def test_a_refused_span_is_one_fault_though_links_lead_to_it(tmp_path: Path) -> None:
    ann = "T1\tDENY 0 3\tنفى\nT2\tSTATE 4 6;7 9\tال يش\nR1\tholder Arg1:T1 Arg2:T2"
    with pytest.raises(InputError, match=r"^[^\n]*discontinuous[^\n]*$"):
        read_brat(pair(tmp_path, ann))


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("T1\tTOWN 14 27\t«مدينة الباب»", 15, 26),
        ("T1\tTOWN 17 24\tينة الب", 15, 26),
        ("T1\tTOWN 14 24\t«مدينة الب", 15, 26),
    ],
)
def test_repair_trims_marks_and_takes_cut_words_whole(tmp_path: Path, line: str, start: int, end: int) -> None:
    path = pair(tmp_path, line)
    found = read_brat(path, repair=True)
    assert [(span.start_char, span.end_char) for span in found.article.spans] == [(start, end)]
    assert len(found.repairs) == 1
    assert "a.ann:1: span T1" in found.repairs[0]
    with pytest.raises(OffsetError):
        read_brat(path)


def test_repair_leaves_out_a_span_without_a_word_and_says_so_of_its_links(tmp_path: Path) -> None:
    ann = "T1\tDENY 0 3\tنفى\nT2\tSTATE 14 15\t«\nR1\tholder Arg1:T1 Arg2:T2"
    found = read_brat(pair(tmp_path, ann), repair=True)
    assert [span.id for span in found.article.spans] == ["T1"]
    assert [note.partition("a.ann:")[2][:1] for note in found.repairs] == ["2", "3"]


def test_repair_does_not_let_spans_run_into_one_another(tmp_path: Path) -> None:
    path = pair(tmp_path, "T1\tSTATE 4 6\tال\nT2\tSTATE 6 9\tجيش")
    with pytest.raises(OffsetError, match="it would overlap another: correct it by hand"):
        read_brat(path, repair=True)


def test_a_counted_byte_order_mark_is_named_and_repaired(tmp_path: Path) -> None:
    path = pair(tmp_path, "T1\tDENY 1 4\tنفى\nT2\tSTATE 5 10\tالجيش", "\ufeff" + TEXT)
    with pytest.raises(OffsetError, match=r"the byte order mark is counted: span T1 .* and 1 more of 2 spans"):
        read_brat(path)
    assert [span.start_char for span in read_brat(path, repair=True).article.spans] == [0, 4]


def test_ids_that_brat_cannot_use_are_numbered_anew(tmp_path: Path) -> None:
    article = read_brat(pair(tmp_path, "T7\tDENY 0 3\tنفى\nT9\tSTATE 4 9\tالجيش\nR4\tholder Arg1:T7 Arg2:T9")).article
    renamed = Article(
        article.text,
        tuple(type(s)(f"s {s.id}", s.label, s.family, s.start_char, s.end_char, s.text) for s in article.spans),
        tuple(type(k)("x", k.kind, f"s {k.source}", f"s {k.target}") for k in article.links),
    )
    again = read_brat(write_brat(renamed, tmp_path / "b.txt")).article
    assert [span.id for span in again.spans] == ["T1", "T2"]
    assert [(link.id, link.source, link.target) for link in again.links] == [("R1", "T1", "T2")]


@pytest.mark.parametrize("name", ["", "../up", "/abs", "a\\b", "a/../../b"])
def test_an_id_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="no file name inside a folder"):
        write_brat(Article(TEXT, id=name), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_id_with_folders_and_dots_names_the_files(tmp_path: Path) -> None:
    path = write_brat(Article(TEXT, id="2017/a.b"), tmp_path)
    assert path == tmp_path / "2017" / "a.b.txt"
    assert (tmp_path / "2017" / "a.b.ann").read_bytes() == b""


def test_an_annotation_is_not_replaced_unless_asked(tmp_path: Path) -> None:
    path = pair(tmp_path, "T1\tDENY 0 3\tنفى")
    with pytest.raises(InputError, match="there is an annotation already"):
        write_brat(Article(TEXT, id="a"), tmp_path)
    write_brat(Article(TEXT, id="a"), tmp_path, overwrite=True)
    assert read_brat(path).article.spans == ()


def test_predictions_can_be_written_beside_their_text_but_not_beside_another(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    write_brat(Article(TEXT, id="a"), tmp_path)
    (tmp_path / "b.txt").write_bytes(b"other")
    with pytest.raises(InputError, match="there is another text already"):
        write_brat(Article(TEXT, id="b"), tmp_path)
