"""Articles, spans and links cannot hold what may not be."""

import pytest

from rasid.infer.articles import Article, Link, Span, read_article, word_edges
from rasid.infer.errors import ArticleError
from rasid.infer.scheme import CONFLICT

TEXT = "نفى الجيش قصف «مدينة الباب» ومقتل 14 شخصا."


def span(label: str, words: str, name: str = "T1", score: float | None = None) -> Span:
    start = TEXT.index(words)
    return Span(name, label, CONFLICT.family_of(label), start, start + len(words), words, score)


def test_an_article_keeps_its_spans_in_the_order_of_the_text() -> None:
    article = Article(TEXT, (span("KILLED", "ومقتل 14 شخصا", "T2"), span("STATE", "الجيش", "T1")))
    assert [s.text for s in article.spans] == ["الجيش", "ومقتل 14 شخصا"]


def test_links_lead_from_a_span_to_the_spans_it_points_at() -> None:
    deny, army = span("DENY", "نفى", "T1"), span("STATE", "الجيش", "T2")
    link = Link("R1", "holder", "T1", "T2")
    article = Article(TEXT, (deny, army), (link,))
    assert list(article.links_from(deny)) == [(link, army)]
    assert list(article.links_from(army)) == []


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda: Span("T1", "STATE", "ACTOR", 4, 4, ""), "0 <= start < end"),
        (lambda: Span("T1", "STATE", "ACTOR", -1, 3, "نفى "), "0 <= start < end"),
        (lambda: Span("T1", "STATE", "ACTOR", 4, 9, "الجيشي"), "has 6"),
        (lambda: span("STATE", "الجيش", score=1.5), "between 0 and 1"),
        (lambda: Link("R1", "holder", "T1", "T1"), "to itself"),
    ],
)
def test_a_span_or_link_that_cannot_be_is_refused(bad: object, message: str) -> None:
    assert callable(bad)
    with pytest.raises(ArticleError, match=message):
        bad()


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ((Span("T1", "STATE", "ACTOR", 4, 9, "الجيس"),), "«الجيش»"),
        ((Span("T1", "STATE", "ACTOR", 100, 103, "abc"),), "the text has"),
        ((Span("T1", "STATE", "ACTOR", 5, 9, "لجيش"),), "edges of words"),
        ((span("TOWN", "مدينة الباب»"),), "edges of words"),
        ((span("TOWN", "«مدينة الباب"),), "edges of words"),
        ((Span("T1", "STATE", "LOCATION", 4, 9, "الجيش"),), "belongs to ACTOR"),
        ((Span("T1", "ARMY", "ACTOR", 4, 9, "الجيش"),), "no label 'ARMY'"),
        ((span("STATE", "الجيش"), span("TOWN", "مدينة الباب")), "used twice"),
        ((span("TOWN", "مدينة الباب"), span("TOWN", "الباب", "T2")), "overlap"),
    ],
)
def test_a_span_that_does_not_fit_its_article_is_named(spans: tuple[Span, ...], message: str) -> None:
    with pytest.raises(ArticleError, match=message):
        Article(TEXT, spans)


@pytest.mark.parametrize(
    ("links", "message"),
    [
        ((Link("R1", "holder", "T1", "T9"),), "there is no span T9"),
        ((Link("R1", "owner", "T1", "T2"),), "unknown kind 'owner'"),
        ((Link("R1", "holder", "T2", "T1"),), "joins STANCE to ACTOR"),
        ((Link("R1", "holder", "T1", "T2"), Link("R2", "holder", "T1", "T2")), "there twice"),
        ((Link("R1", "holder", "T1", "T2"), Link("R1", "target", "T1", "T2")), "used twice"),
    ],
)
def test_a_link_that_does_not_fit_its_article_is_named(links: tuple[Link, ...], message: str) -> None:
    with pytest.raises(ArticleError, match=message):
        Article(TEXT, (span("DENY", "نفى", "T1"), span("STATE", "الجيش", "T2")), links)


def test_the_article_is_named_in_its_errors() -> None:
    with pytest.raises(ArticleError, match="article aleppo: "):
        Article(TEXT, (span("STATE", "الجيش"), span("STATE", "الجيش")), id="aleppo")


def test_word_edges_leave_out_punctuation_and_take_particles_in() -> None:
    starts, ends = word_edges("و«الباب»، 14")
    assert starts == {0, 2, 10}
    assert ends == {1, 7, 12}


def test_what_a_reader_adds_to_an_article_is_checked_and_the_rest_stays() -> None:
    deny, army = span("DENY", "نفى", "T1"), span("STATE", "الجيش", "T2")
    bare = Article(TEXT, (deny, army), id="x")
    link = Link("R1", "holder", "T1", "T2")
    linked = read_article(bare, links=(link,))
    assert linked == Article(TEXT, (deny, army), (link,), id="x")
    with pytest.raises(ArticleError, match="article x: link R1: unknown kind"):
        read_article(bare, links=(Link("R1", "none", "T1", "T2"),))
    with pytest.raises(ArticleError, match="there is no span T1"):
        read_article(linked, spans=(army,))
