"""Calibration: the fitted temperature makes span scores honest and changes no span."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rasid.infer.articles import Article, Span
from rasid.infer.formats.corpus import read_corpus
from rasid.infer.model_folder import ModelInfo, read_tokenizer
from rasid.infer.predictor import Predictor
from rasid.infer.scheme import CONFLICT
from rasid.infer.tokens import tokenize
from rasid.infer.windows import Window
from rasid.train.tuning.calibration import fit_temperature, span_log_loss
from rasid.train.tuning.examples import word_tags


class Boastful:
    """Knows the gold tags of one article, gets one word in five wrong, and is equally sure of all of them."""

    def __init__(self, article: Article, certainty: float) -> None:
        tags = word_tags(article, tokenize(article.text), CONFLICT)
        generator = np.random.default_rng(0)
        wrong = generator.random(len(tags)) < 0.2
        tags[wrong] = generator.choice(np.arange(1, len(CONFLICT.tags), 2), wrong.sum())
        self._scores = certainty * np.eye(len(CONFLICT.tags), dtype=np.float32)[tags]
        self.windows = 0

    def score(self, windows: Sequence[Window]) -> list[NDArray[np.float32]]:
        self.windows += len(windows)
        return [self._scores[w.first_word : w.first_word + len(w.first_subwords)] for w in windows]


@pytest.fixture(scope="module")
def article(annotated_articles: Path) -> Article:
    """All test articles as one, so that there is something to calibrate on."""
    articles = read_corpus(annotated_articles)
    spans: list[Span] = []
    text = ""
    for part in articles:
        for span in part.spans:
            at = len(text)
            spans.append(
                replace(span, id=f"T{len(spans)}", start_char=at + span.start_char, end_char=at + span.end_char)
            )
        text += part.text + "\n"
    return Article(text, tuple(spans))


def test_the_fit_is_at_least_as_honest_as_any_other_temperature(article: Article, tiny_encoder: Path) -> None:
    tokenizer = read_tokenizer(tiny_encoder)
    info = ModelInfo("test", "0", CONFLICT, max_subwords=64, overlap_subwords=16)

    def read(certainty: float, temperature: float) -> Article:
        scorer = Boastful(article, certainty)
        return Predictor(scorer, tokenizer, replace(info, temperature=temperature)).predict(article.text)

    for certainty in (6.0, 20.0):
        scorer = Boastful(article, certainty)
        fitted = fit_temperature(scorer, tokenizer, info, [article])
        found = read(certainty, fitted)
        loss = span_log_loss([article], [found])
        for temperature in (0.25, 0.5, 1.0, 2.0, 4.0, 8.0):
            other = read(certainty, temperature)
            assert loss <= span_log_loss([article], [other]) + 1e-4
            assert [(s.start_char, s.end_char, s.label) for s in other.spans] == [
                (s.start_char, s.end_char, s.label) for s in found.spans
            ]
    # The one that boasts more is damped more, and the mean score comes near the share that is right.
    assert fitted > 2.0
    right = {(s.start_char, s.end_char, s.label) for s in article.spans}
    share = np.mean([(s.start_char, s.end_char, s.label) in right for s in found.spans])
    assert np.mean([s.score for s in found.spans if s.score is not None]) == pytest.approx(share, abs=0.1)


def test_each_window_is_computed_once(article: Article, tiny_encoder: Path) -> None:
    scorer = Boastful(article, 6.0)
    info = ModelInfo("test", "0", CONFLICT, max_subwords=64, overlap_subwords=16)
    fit_temperature(scorer, read_tokenizer(tiny_encoder), info, [article])
    once = Boastful(article, 6.0)
    Predictor(once, read_tokenizer(tiny_encoder), info).predict(article.text)
    assert scorer.windows == once.windows


def test_a_model_that_finds_nothing_is_left_alone(article: Article, tiny_encoder: Path) -> None:
    class Silent:
        def score(self, windows: Sequence[Window]) -> list[NDArray[np.float32]]:
            outside = np.eye(len(CONFLICT.tags), dtype=np.float32)[:1]
            return [np.repeat(outside, len(w.first_subwords), axis=0) for w in windows]

    assert fit_temperature(Silent(), read_tokenizer(tiny_encoder), ModelInfo("test", "0", CONFLICT), [article]) == 1.0
