"""Link scores: strict, by family, and given gold spans."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from made_articles import articles
from span_articles import Scripted, article

from rasid.infer.articles import Article, Link
from rasid.infer.errors import ArticleError
from rasid.infer.scheme import CONFLICT, Scheme
from rasid.train.judging.evaluation import evaluate, evaluate_articles
from rasid.train.judging.link_scoring import measure_links, score_links
from rasid.train.judging.report import write_report
from rasid.train.judging.scoring import Counts

BARE = article(
    ("REPORT", 0, 0), ("SOURCE", 1, 2), ("STATE", 4, 4), ("TOWN", 6, 7), ("KILLED", 8, 10), ("DENY", 11, 11), id="one"
)


def linked(bare: Article, *links: tuple[str, str, str]) -> Article:
    made = tuple(Link(f"R{number}", *link) for number, link in enumerate(links, 1))
    return replace(bare, links=made)


HOLDER, TARGET, PLACE = ("holder", "T1", "T2"), ("target", "T6", "T2"), ("place", "T5", "T4")
GOLD = linked(BARE, HOLDER, ("holder", "T6", "T3"), ("about", "T1", "T5"), PLACE)
ALONE = article(("SOURCE", 1, 2), id="two")


def first_links(given: Article) -> Sequence[Link]:
    return GOLD.links[:3] if given.id == "one" else ()


def no_links(_: Article) -> Sequence[Link]:
    return ()


def test_links_are_counted_kind_by_kind() -> None:
    scores = score_links([GOLD], [linked(BARE, HOLDER, TARGET, ("place", "T5", "T4"))])
    assert scores.overall == Counts(2, 1, 2)
    assert scores.by_kind["holder"] == Counts(1, 0, 1)
    assert scores.by_kind["target"] == Counts(0, 1, 0)
    assert scores.by_kind["about"] == Counts(0, 0, 1)
    assert list(scores.by_kind) == [kind.name for kind in CONFLICT.links]


@settings(deadline=None)
@given(articles())
def test_gold_scores_one_against_itself_in_any_order_and_under_any_names(gold: Article) -> None:
    renamed = tuple(replace(link, id=f"X{number}") for number, link in enumerate(reversed(gold.links)))
    scores = score_links([gold], [replace(gold, links=renamed)])
    assert scores.overall == Counts(len(gold.links), 0, 0)


def test_another_kind_or_another_direction_is_wrong() -> None:
    gold = linked(BARE, ("holder", "T6", "T2"))
    assert score_links([gold], [linked(BARE, TARGET)]).overall == Counts(0, 1, 1)
    two = article(("TOWN", 1, 2), ("REGION", 4, 4), id="places")
    inside, outside = linked(two, ("within", "T1", "T2")), linked(two, ("within", "T2", "T1"))
    assert score_links([inside], [outside]).overall == Counts(0, 1, 1)


def test_a_link_is_wrong_where_an_edge_of_a_span_is() -> None:
    short = article(("REPORT", 0, 0), ("SOURCE", 1, 1), id="one")
    gold = linked(article(("REPORT", 0, 0), ("SOURCE", 1, 2), id="one"), HOLDER)
    for compare in ("label", "family"):
        assert score_links([gold], [linked(short, HOLDER)], compare).overall == Counts(0, 1, 1)


def test_a_wrong_label_in_the_right_family_counts_by_family_only() -> None:
    gold = linked(article(("REPORT", 0, 0), ("SOURCE", 1, 2), id="one"), HOLDER)
    other = linked(article(("REPORT", 0, 0), ("PARTY", 1, 2), id="one"), HOLDER)
    links = measure_links([gold], [other], no_links, resamples=10)
    assert links.strict.scores.overall == Counts(0, 1, 1)
    assert links.family.scores.overall == Counts(1, 0, 0)


def test_given_gold_spans_the_linker_sees_them_and_no_link() -> None:
    seen: list[Article] = []

    def linker(given: Article) -> Sequence[Link]:
        seen.append(given)
        return first_links(given)

    links = measure_links([GOLD, ALONE], [BARE, ALONE], linker, resamples=10)
    assert [(given.id, given.spans) for given in seen] == [("one", BARE.spans), ("two", ALONE.spans)]
    assert not any(given.links for given in seen)
    assert links.given_gold_spans.scores.overall == Counts(3, 0, 1)
    assert links.strict.scores.overall == Counts(0, 0, 4)


def test_a_linker_that_links_what_is_not_there_is_found_out() -> None:
    with pytest.raises(ArticleError, match="there is no span T99"):
        measure_links([GOLD], [BARE], lambda _: [Link("R1", "holder", "T1", "T99")], resamples=10)


def test_intervals_are_of_documents_and_the_same_each_time() -> None:
    gold = [replace(GOLD, id=str(number)) for number in range(8)]
    found = [replace(one, links=one.links[: number % 5]) for number, one in enumerate(gold)]
    first, second = (measure_links(gold, found, no_links, resamples=200, seed=3) for _ in range(2))
    assert first == second
    interval = first.strict.intervals.overall.f1
    assert interval is not None
    assert interval.low < first.strict.scores.overall.f1 < interval.high
    assert first.strict.intervals.by_kind["place"].documents == 8
    assert first.strict.intervals.by_kind["victim"].documents == 0


def report_of(tmp_path: Path, gold: list[Article], predicted: list[Article], **options: Any) -> dict[str, Any]:
    write_report(evaluate(Scripted(predicted), gold, data_name="dev", resamples=20, **options), tmp_path)
    report: dict[str, Any] = json.loads((tmp_path / "report.json").read_text("utf-8"))
    return report


def test_an_evaluation_reports_links_from_the_predictor_and_given_gold_spans(tmp_path: Path) -> None:
    predicted = [linked(BARE, HOLDER, TARGET), ALONE]
    report = report_of(tmp_path, [GOLD, ALONE], predicted, linker=first_links)
    assert report["links"]["strict"]["by_kind"]["holder"]["tp"] == 1
    assert report["links"]["strict"]["overall"]["f1"] == pytest.approx(1 / 3, abs=1e-5)
    assert report["links"]["given_gold_spans"]["overall"]["tp"] == 3
    assert (report["data"]["gold_links"], report["data"]["predicted_links"]) == (4, 2)
    assert "links" in report["definitions"]


def test_links_are_made_by_rules_where_no_linker_is_given(tmp_path: Path) -> None:
    report = report_of(tmp_path, [GOLD], [BARE])
    assert report["links"]["given_gold_spans"]["linker"] == "rules"
    assert report["links"]["given_gold_spans"]["by_kind"]["holder"]["tp"] >= 1


def test_a_written_report_has_a_row_for_each_kind(tmp_path: Path) -> None:
    report_of(tmp_path, [GOLD, ALONE], [linked(BARE, HOLDER), ALONE], linker_name="head <1> | rules")
    markdown, html = ((tmp_path / name).read_text("utf-8") for name in ("report.md", "report.html"))
    assert "## Links" in markdown
    assert "head <1> \\| rules" in markdown
    assert 'id="links"' in html
    assert "head &lt;1&gt; | rules" in html
    for kind in CONFLICT.links:
        assert f"\n| {kind.name} |" in markdown
        assert f'<th scope="row">{kind.name}</th>' in html


def test_a_scheme_without_links_has_no_link_section(tmp_path: Path) -> None:
    scheme = Scheme("spans-only", CONFLICT.labels)
    bare = article(("SOURCE", 1, 2), scheme=scheme)
    report = report_of(tmp_path, [bare], [bare])
    assert report["links"] is None
    assert "gold_links" not in report["data"]
    assert "## Links" not in (tmp_path / "report.md").read_text("utf-8")
    assert 'id="links"' not in (tmp_path / "report.html").read_text("utf-8")


def test_span_scores_and_the_fingerprint_of_the_spans_do_not_depend_on_links() -> None:
    with_links = evaluate_articles([GOLD], [BARE], data_name="dev", resamples=20)
    without = evaluate_articles([BARE], [BARE], data_name="dev", resamples=20)
    assert with_links.data_fingerprint == without.data_fingerprint
    assert with_links.strict == without.strict
