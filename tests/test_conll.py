"""CoNLL: texts and spans written are read back, other corpora are read, and tags that are not IOB2 are named."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from made_articles import articles

from rasid.infer.articles import Article
from rasid.infer.errors import InputError
from rasid.infer.formats.conll import read_conll, write_conll
from rasid.infer.scheme import Scheme, SpanLabel
from rasid.infer.tokens import tokenize

PLACES = Scheme("places", (SpanLabel("LOC", "LOC"), SpanLabel("PERS", "PERS")))


def conll(folder: Path, content: str) -> Path:
    path = folder / "c.conll"
    path.write_bytes(content.encode())
    return path


def spans(article: Article) -> list[tuple[str, int, int]]:
    return [(span.label, span.start_char, span.end_char) for span in article.spans]


@given(articles(), articles())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_and_spans_written_are_read_back(tmp_path: Path, first: Article, second: Article) -> None:
    path = tmp_path / "c.conll"
    assert write_conll([first, second], path) == 2
    found = read_conll(path)
    assert [(article.id, article.text, spans(article)) for article in found] == [
        (article.id, article.text, spans(article)) for article in (first, second)
    ]


@given(articles())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_two_plain_columns_keep_tokens_and_spans(tmp_path: Path, article: Article) -> None:
    path = tmp_path / "c.conll"
    write_conll([article], path, spacing=False)
    (found,) = read_conll(path)
    assert [found.text[t.start_char : t.end_char] for t in tokenize(found.text)] == [
        article.text[t.start_char : t.end_char] for t in tokenize(article.text)
    ]
    assert ["".join(s.text.split()) for s in found.spans] == ["".join(s.text.split()) for s in article.spans]


def test_the_columns_are_token_spacing_and_tag(tmp_path: Path) -> None:
    path = tmp_path / "c.conll"
    write_conll([Article("قال.\nنعم", id="a b|c")], path)
    assert path.read_text("utf-8").split("\n") == [
        *("-DOCSTART-\tid=a\\sb\\pc\tO", ""),
        *("قال\tSpaceAfter=No\tO", ".\tSpacesAfter=\\n\tO", ""),
        *("نعم\tSpaceAfter=No\tO", "", ""),
    ]


def test_a_corpus_of_tokens_and_tags_is_joined_by_spaces_and_lines(tmp_path: Path) -> None:
    path = conll(tmp_path, "في O\nدير B-LOC\nالزور I-LOC\n\nقال O\nالأسد B-PERS\n")
    (article,) = read_conll(path, PLACES)
    assert article.text == "في دير الزور\nقال الأسد"
    assert [(span.label, span.text) for span in article.spans] == [("LOC", "دير الزور"), ("PERS", "الأسد")]


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ("ا O\n\nب O\n\n\nت O\n", ["ا\nب", "ت"]),
        ("-DOCSTART- -X- O\n\nا O\n\n\nب O\n-DOCSTART- -X- O\n\nت O\n", ["ا\nب", "ت"]),
        ("ا O\n\nب O\n\nت O\n\nث O\n\nج O\n", ["ا\nب", "ت\nث", "ج"]),
        ("# sent_id = 1\nا O\n# O\n", ["ا #"]),
        ("\n", []),
    ],
)
def test_articles_are_parted_by_starts_or_empty_lines_or_numbers(
    tmp_path: Path, content: str, texts: list[str]
) -> None:
    found = read_conll(conll(tmp_path, content), PLACES, sentences_per_article=2)
    assert [article.text for article in found] == texts
    assert [article.id for article in found] == [f"c/{number}" for number in range(1, len(texts) + 1)]


def test_columns_are_chosen_by_number(tmp_path: Path) -> None:
    path = conll(tmp_path, "1\tحلب\tB-LOC\tX\n")
    (article,) = read_conll(path, PLACES, token_column=1, tag_column=2)
    assert article.spans[0].text == "حلب"


@pytest.mark.parametrize(
    ("content", "message", "repaired"),
    [
        ("في O\nدير I-LOC\nالزور I-LOC\n", r"c\.conll:2: tag I-LOC after O: .*looks like IOB1", ["دير الزور"]),
        ("دير B-PERS\nالزور I-LOC\n", r"c\.conll:2: tag I-LOC after B-PERS", ["دير", "الزور"]),
        ("دير B-LOC\n\nالزور I-LOC\n", r"c\.conll:3: tag I-LOC at the beginning of a sentence", ["دير", "الزور"]),
        ("حلب S-LOC\nدير B-LOC\nالزور E-LOC\n", r"c\.conll:1: tag S-LOC .*BIOES or BILOU", ["حلب", "دير الزور"]),
        ("حلب؛ B-LOC\n", r"c\.conll:1: span T1 «حلب؛» at 0-4 does not begin and end", ["حلب"]),
    ],
)
def test_what_is_not_iob2_is_named_and_read_on_request(
    tmp_path: Path, content: str, message: str, repaired: list[str]
) -> None:
    path = conll(tmp_path, content)
    with pytest.raises(InputError, match=message):
        read_conll(path, PLACES)
    (article,) = read_conll(path, PLACES, repair=True)
    assert [span.text for span in article.spans] == repaired


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("حلب LOC\n", r"c\.conll:1: expected the tag O, B-LABEL or I-LABEL, found 'LOC'"),
        ("في O\nحلب B-TOWN\n", r"c\.conll:2: span T1: scheme 'places' has no label 'TOWN'; it has LOC, PERS"),
        ("حلب\n", r"c\.conll:1: expected a token and its tag in columns, found 1"),
        ("حلب\tSpacesAfter=x\tO\n", r"c\.conll:1: expected white space after SpacesAfter=, found 'x'"),
    ],
)
def test_what_nothing_repairs_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_conll(conll(tmp_path, content), PLACES, repair=True)
