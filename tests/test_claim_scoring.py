"""Claim scores: what counts as the same position and the same figure, and that intervals draw articles."""

import pytest
from claim_articles import tell

from rasid.infer.articles import Article
from rasid.infer.errors import ArticleError
from rasid.train.judging.claim_scoring import score_claims

HEAD = "⟦REPORT c1|أفاد⟧ ⟦SOURCE a1|المرصد⟧ عن "
LINKS = ("c1 holder a1", "c1 about k1")


def report(count: str = "14", *links: str) -> Article:
    return tell(f"{HEAD}⟦KILLED k1 {count}|مقتل 14 شخصا⟧ بقصف ⟦STATE a2|الجيش⟧.", *(links or LINKS)).article


def figures(gold: Article, predicted: Article) -> tuple[int, int]:
    scores = score_claims([(gold, predicted)])
    return scores.figures_exact.counts.tp, scores.figures_within.counts.tp


def test_an_article_against_itself_is_all_right() -> None:
    scores = score_claims([(report(), report())])
    assert scores.positions.counts.f1 == scores.figures_exact.counts.f1 == scores.figures_within.counts.f1 == 1.0
    assert {label for label, score in scores.by_stance.items() if score.counts} == {"REPORT"}


def test_nothing_predicted_is_all_missed() -> None:
    gold = report()
    counts = score_claims([(gold, gold.without_annotation())]).positions.counts
    assert (counts.tp, counts.fp, counts.fn) == (0, 0, 1)


@pytest.mark.parametrize(
    ("links", "right"),
    [
        (("c1 holder a1", "c1 about k1"), (1, 1)),
        (("c1 holder a2", "c1 about k1"), (0, 0)),
        (("c1 holder a1", "c1 target a2", "c1 about k1"), (0, 1)),
        (("c1 holder a1",), (1, 0)),
    ],
    ids=["the same", "another holder", "another target", "no harm"],
)
def test_a_position_needs_holder_and_target_a_figure_its_source(links: tuple[str, ...], right: tuple[int, int]) -> None:
    scores = score_claims([(report(), report("14", *links))])
    assert (scores.positions.counts.tp, scores.figures_exact.counts.tp) == right


@pytest.mark.parametrize(
    ("gold", "predicted", "right"),
    [
        ("14", "14", (1, 1)),
        ("22+", "25", (0, 1)),
        ("25", "22+", (0, 0)),
        ("3-9", "4-5", (0, 1)),
        ("3-9", "4-10", (0, 0)),
        ("14", "?", (0, 0)),
        ("?", "14", (0, 0)),
        ("?", "?", (1, 1)),
    ],
)
def test_a_figure_is_exact_or_inside_the_gold_range(gold: str, predicted: str, right: tuple[int, int]) -> None:
    assert figures(report(gold), report(predicted)) == right


def test_a_denied_figure_is_not_an_asserted_one() -> None:
    text = "⟦DENY c1|نفى⟧ ⟦SOURCE a1|المرصد⟧ عن ⟦KILLED k1 14|مقتل 14 شخصا⟧"
    asserted = tell(text.replace("DENY", "REPORT"), *LINKS).article
    assert figures(tell(text, *LINKS).article, asserted) == (0, 0)


def test_a_claim_read_where_it_does_not_stand_is_wrong() -> None:
    gold = tell("⟦REPORT c1|قال⟧ ⟦STATE a1|الجيش⟧ شيئا. وأضاف آخر.", "c1 holder a1").article
    other = tell("قال ⟦STATE a1|الجيش⟧ شيئا. ⟦REPORT c1|وأضاف⟧ آخر.", "c1 holder a1").article
    assert score_claims([(gold, other)]).positions.counts.tp == 0


def test_each_claim_is_matched_once() -> None:
    one = "⟦REPORT c1|قال⟧ ⟦STATE a1|الجيش⟧ شيئا"
    two = f"{one} ⟦REPORT c2|وأضاف⟧"
    gold = tell(two, "c1 holder a1", "c2 holder a1").article
    predicted = tell(one + " وأضاف", "c1 holder a1").article
    counts = score_claims([(gold, predicted)]).positions.counts
    assert (counts.tp, counts.fp, counts.fn) == (1, 0, 1)


def test_the_interval_draws_articles_and_is_repeatable() -> None:
    right, wrong = (report(), report()), (report(), report("14", "c1 holder a2"))
    scores = score_claims([right, wrong, right, wrong], resamples=200, seed=3)
    interval = scores.positions.intervals.f1
    assert interval is not None
    assert 0.0 <= interval.low < 0.5 < interval.high <= 1.0
    assert scores == score_claims([right, wrong, right, wrong], resamples=200, seed=3)
    assert scores.positions.intervals.documents == 4
    assert score_claims([right, right]).positions.intervals.f1 is None


def test_different_texts_and_no_articles_are_refused() -> None:
    with pytest.raises(ArticleError, match="no articles to score"):
        score_claims([])
    with pytest.raises(ArticleError, match="article told: gold and predicted text differ"):
        score_claims([(report(), tell("⟦REPORT c1|قال⟧").article)])
