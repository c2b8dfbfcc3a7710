"""Evaluations: a predictor's articles measured against gold."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from span_articles import Scripted, article

from rasid.infer.articles import Article
from rasid.infer.errors import ArticleError
from rasid.train.judging.evaluation import Evaluation, evaluate, evaluate_articles
from rasid.train.judging.matching import Outcome
from rasid.train.judging.scoring import Counts, score_spans

GOLD = [
    article(("SOURCE", 1, 2), ("TOWN", 6, 7), ("KILLED", 8, 10), ("DENY", 11, 11), ("STATE", 12, 12), id="one"),
    article(("SOURCE", 1, 2), ("TOWN", 6, 7), id="two"),
]
PREDICTED = [
    article(("SOURCE", 1, 2, 0.9), ("STATE", 4, 4, 0.5), ("TOWN", 7, 7, 0.6), ("INJURED", 8, 10, 0.7), id="one"),
    article(("SOURCE", 1, 2, 0.8), ("DISTRICT", 7, 7, 0.4), id="two"),
]


def measured(**options: str) -> Evaluation:
    return evaluate(Scripted(PREDICTED), GOLD, data_name="dev", resamples=100, **options)  # type: ignore[arg-type]  # options of any type, checked by evaluate


def test_the_predictor_never_sees_the_annotation() -> None:
    predictor = Scripted(PREDICTED)
    evaluate(predictor, GOLD, data_name="dev", resamples=10)
    assert [(seen.id, seen.text) for seen in predictor.seen] == [(gold.id, gold.text) for gold in GOLD]
    assert not any(seen.spans or seen.links for seen in predictor.seen)


def test_an_evaluation_has_the_scores_of_the_scorer() -> None:
    evaluation = measured()
    assert evaluation.strict.scores == score_spans(GOLD, PREDICTED)
    assert evaluation.strict.scores.overall == Counts(2, 4, 5)
    assert evaluation.partial.scores.overall == Counts(3, 3, 4)


def test_every_pair_has_one_outcome() -> None:
    evaluation = measured()
    assert evaluation.outcomes == {
        Outcome.CORRECT: 2,
        Outcome.WRONG_EDGE: 1,
        Outcome.WRONG_LABEL: 1,
        Outcome.WRONG_BOTH: 1,
        Outcome.MISSED: 2,
        Outcome.SPURIOUS: 1,
    }
    assert [document.errors for document in evaluation.documents] == [5, 1]
    assert evaluation.documents[0].counts == Counts(1, 3, 4)


def test_the_confusion_table_has_missed_and_spurious_spans() -> None:
    confusion = measured().confusion
    place = {name: number for number, name in enumerate(confusion.labels)}
    nothing = len(place)
    assert confusion.matrix[place["SOURCE"]][place["SOURCE"]] == 2
    assert confusion.matrix[place["TOWN"]][place["DISTRICT"]] == 1
    assert confusion.matrix[place["DENY"]][nothing] == 1
    assert confusion.matrix[nothing][place["STATE"]] == 1
    assert sum(map(sum, confusion.matrix)) == 8
    assert confusion.common(9) == [("TOWN", "DISTRICT", 1), ("KILLED", "INJURED", 1)]


def test_row_and_column_sums_of_the_confusion_table_are_gold_and_predicted_spans() -> None:
    evaluation = measured()
    for number, name in enumerate(evaluation.confusion.labels):
        counts = evaluation.strict.scores.by_label[name]
        assert sum(evaluation.confusion.matrix[number]) == counts.gold
        assert sum(row[number] for row in evaluation.confusion.matrix) == counts.predicted


def test_predictions_without_scores_are_evaluated_without_calibration() -> None:
    assert measured().reliability is not None
    bare = [replace(a, spans=tuple(replace(span, score=None) for span in a.spans)) for a in PREDICTED]
    assert evaluate_articles(GOLD, bare, data_name="dev", resamples=10).reliability is None


def test_the_model_is_named_by_the_caller_or_by_the_articles() -> None:
    named = [replace(a, model="compact 1.0") for a in PREDICTED]
    assert evaluate_articles(GOLD, named, data_name="dev", resamples=10).model_name == "compact 1.0"
    assert evaluate_articles(GOLD, named, data_name="dev", model_name="b", resamples=10).model_name == "b"


def test_the_fingerprint_tells_whether_the_gold_data_was_the_same() -> None:
    first = measured().data_fingerprint
    assert evaluate_articles(GOLD, GOLD, data_name="other", resamples=10).data_fingerprint == first
    fewer = [replace(GOLD[0], spans=GOLD[0].spans[1:]), GOLD[1]]
    assert evaluate_articles(fewer, PREDICTED, data_name="dev", resamples=10).data_fingerprint != first


def test_a_predictor_that_drops_an_article_is_found_out() -> None:
    class Forgetful(Scripted):
        def stream(self, articles: Iterable[Article], /) -> Iterator[Article]:
            yield from list(super().stream(articles))[1:]

    with pytest.raises(ArticleError, match=r"each of 2 gold articles, found 1"):
        evaluate(Forgetful(PREDICTED), GOLD, data_name="dev")


def test_no_articles_cannot_be_evaluated() -> None:
    with pytest.raises(ArticleError, match=r"my-folder: there are no articles"):
        evaluate(Scripted([]), [], data_name="my-folder")
