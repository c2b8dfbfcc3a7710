"""Span scores."""

import warnings
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from span_articles import Words, article, spans_of_tags, tag_sequences

from rasid.infer.articles import Article
from rasid.infer.errors import ArticleError
from rasid.infer.scheme import CONFLICT, Scheme, SpanLabel
from rasid.train.judging.scoring import Counts, Rates, count_pairs, match_articles, score_spans

LABELS = ("STATE", "ARMED", "TOWN", "KILLED")


def corpus(documents: list[list[str]]) -> list[Article]:
    return [
        article(*spans_of_tags(tags), text=" ".join(["كلمة"] * len(tags)), id=str(number))
        for number, tags in enumerate(documents)
    ]


def family_tags(tags: list[str]) -> list[str]:
    """IOB2 tags of the same spans with their families for labels."""
    renamed = ["O"] * len(tags)
    for label, first, last in spans_of_tags(tags):
        family = CONFLICT.family_of(label)
        renamed[first : last + 1] = [f"B-{family}", *[f"I-{family}"] * (last - first)]
    return renamed


def same(ours: Counts | Rates, theirs: dict[str, float]) -> None:
    found = (ours.precision, ours.recall, ours.f1)
    assert found == pytest.approx((theirs["precision"], theirs["recall"], theirs["f1-score"]), abs=1e-12)


def partial(gold: Article, predicted: Article) -> dict[str, Counts]:
    return count_pairs(match_articles([gold], [predicted]), gold.scheme)[1].scores().by_label


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 9).flatmap(lambda n: st.tuples(*[tag_sequences(n, LABELS)] * 2)), min_size=1, max_size=5)
)
def test_strict_scores_are_those_of_seqeval(documents: list[tuple[list[str], list[str]]]) -> None:
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    gold, predicted = [g for g, _ in documents], [p for _, p in documents]
    scores = score_spans(corpus(gold), corpus(predicted))
    present = [name for name, counts in scores.by_label.items() if counts]
    if not present:  # seqeval refuses to report on nothing
        assert scores.overall == Counts(0, 0, 0)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options = {"output_dict": True, "mode": "strict", "scheme": IOB2, "zero_division": 0}
        theirs = classification_report(gold, predicted, **options)
        families = [family_tags(tags) for tags in gold], [family_tags(tags) for tags in predicted]
        theirs_by_family = classification_report(*families, **options)

    for name in present:
        same(scores.by_label[name], theirs[name])
        assert scores.by_label[name].gold == theirs[name]["support"]
    same(scores.overall, theirs["micro avg"])
    same(scores.macro, theirs["macro avg"])
    for name in theirs_by_family.keys() & scores.by_family.keys():
        same(scores.by_family[name], theirs_by_family[name])
    same(scores.family_overall, theirs_by_family["micro avg"])
    same(scores.family_macro, theirs_by_family["macro avg"])


def test_the_right_words_with_the_wrong_label_of_the_family_count_for_the_family_only() -> None:
    scores = score_spans([article(("STATE", 1, 2))], [article(("ARMED", 1, 2))])
    assert scores.by_label["STATE"] == Counts(0, 0, 1)
    assert scores.by_label["ARMED"] == Counts(0, 1, 0)
    assert scores.by_family["ACTOR"] == Counts(1, 0, 0)
    assert (scores.overall, scores.family_overall) == (Counts(0, 1, 1), Counts(1, 0, 0))


def test_a_strict_hit_needs_both_edges() -> None:
    scores = score_spans([article(("TOWN", 6, 7))], [article(("TOWN", 7, 7))])
    assert scores.overall == scores.family_overall == Counts(0, 1, 1)


def test_a_partial_hit_needs_an_overlap_and_the_label() -> None:
    gold = article(("TOWN", 6, 7))
    assert partial(gold, article(("TOWN", 7, 7)))["TOWN"] == Counts(1, 0, 0)
    assert partial(gold, article(("TOWN", 8, 8)))["TOWN"] == Counts(0, 1, 1)
    assert partial(gold, article(("SITE", 6, 7)))["TOWN"] == Counts(0, 0, 1)


def test_one_long_prediction_is_a_partial_hit_for_one_gold_span_only() -> None:
    found = partial(article(("STATE", 0, 0), ("STATE", 2, 2)), article(("STATE", 0, 2)))
    assert found["STATE"] == Counts(1, 0, 1)


def test_counts_of_several_articles_add_up() -> None:
    pairs: list[tuple[list[Words], list[Words]]] = [
        ([("TOWN", 6, 7)], [("TOWN", 6, 7)]),
        ([("TOWN", 6, 7), ("DENY", 11, 11)], [("TOWN", 6, 7), ("STATE", 12, 12)]),
    ]
    gold = [article(*ours, id=str(n)) for n, (ours, _) in enumerate(pairs)]
    predicted = [article(*theirs, id=str(n)) for n, (_, theirs) in enumerate(pairs)]
    scores = score_spans(gold, predicted)
    assert scores.by_label["TOWN"] == Counts(2, 0, 0)
    assert scores.overall == Counts(2, 1, 1)
    assert scores.macro == Rates(1 / 3, 1 / 3, 1 / 3)


def test_nothing_annotated_and_nothing_predicted_scores_zero_without_an_error() -> None:
    scores = score_spans([article()], [article()])
    assert (scores.overall.precision, scores.overall.f1, scores.macro) == (0.0, 0.0, Rates(0.0, 0.0, 0.0))
    assert not scores.overall


def test_a_scheme_of_ones_own_is_scored_by_its_labels() -> None:
    scheme = Scheme("base", (SpanLabel("LOC", "LOC"), SpanLabel("PERS", "PERS")))
    gold, predicted = article(("LOC", 0, 1), scheme=scheme), article(("PERS", 0, 1), scheme=scheme)
    scores = score_spans([gold], [predicted])
    assert list(scores.by_label) == list(scores.by_family) == ["LOC", "PERS"]
    assert scores.family_overall == scores.overall == Counts(0, 1, 1)


def test_mismatched_articles_are_refused_by_name() -> None:
    gold = [article(id="one"), article(id="two")]
    with pytest.raises(ArticleError, match=r"each of 2 gold articles, found 1"):
        score_spans(gold, gold[:1])
    with pytest.raises(ArticleError, match=r"article 1 of 2: expected a prediction for 'one', found one for 'two'"):
        score_spans(gold, gold[::-1])
    changed = [gold[0], replace(gold[1], text=gold[1].text[:5] + "!" + gold[1].text[6:])]
    with pytest.raises(ArticleError, match=r"article 2 of 2 \(two\): .* differ from character 5 on"):
        score_spans(gold, changed)
    shorter = [gold[0], replace(gold[1], text=gold[1].text[:-4])]
    with pytest.raises(ArticleError, match=rf"differ from character {len(gold[1].text) - 4} on"):
        score_spans(gold, shorter)
    other = Scheme("base", (SpanLabel("LOC", "LOC"),))
    with pytest.raises(ArticleError, match=r"labels of scheme 'conflict', the predicted article has those of 'base'"):
        score_spans(gold, [gold[0], replace(gold[1], scheme=other)])


def test_no_articles_are_refused() -> None:
    with pytest.raises(ArticleError, match="no articles"):
        score_spans([], [])
