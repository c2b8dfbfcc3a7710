"""The predictor reads everything, the same way whatever it is read with."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from rasid.infer.articles import Article, Metadata
from rasid.infer.facts import Actor, Facts
from rasid.infer.model_folder import ModelInfo
from rasid.infer.predictor import Predictor
from rasid.infer.scheme import CONFLICT
from rasid.infer.windows import Window
from rasid.train.encoders.classifiers import wordpiece_tokenizer

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة"
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
TOKENIZER = wordpiece_tokenizer(VOCABULARY).backend_tokenizer


class FirstLetterScorer:
    """A fake that tags a word by its first letter: ب begins STATE, ت goes on with it, all else is O."""

    def __init__(self) -> None:
        self.largest = 0

    def score(self, windows: Sequence[Window]) -> list[NDArray[np.float32]]:
        self.largest = max(self.largest, sum(len(window.subword_ids) for window in windows))
        return [self._scores(window) for window in windows]

    def _scores(self, window: Window) -> NDArray[np.float32]:
        scores = np.zeros((len(window.first_subwords), len(CONFLICT.tags)), dtype=np.float32)
        for word, position in enumerate(window.first_subwords):
            letter = TOKENIZER.id_to_token(window.subword_ids[position])
            scores[word, {"ب": 1, "ت": 2}.get(letter, 0)] = 5.0
        return scores


def predictor(max_subwords: int = 32, batch_subwords: int = 256, temperature: float = 1.0) -> Predictor:
    info = ModelInfo("fake", "1", CONFLICT, temperature, max_subwords, max_subwords // 4)
    return Predictor(FirstLetterScorer(), TOKENIZER, info, batch_subwords=batch_subwords)


def found(article: Article) -> list[tuple[str, int, int]]:
    return [(span.label, span.start_char, span.end_char) for span in article.spans]


def test_spans_come_with_label_family_offsets_text_and_score() -> None:
    article = predictor().predict("سار باب تاب، ثم بات")
    assert [(s.id, s.label, s.family, s.text) for s in article.spans] == [
        ("T1", "STATE", "ACTOR", "باب تاب"),
        ("T2", "STATE", "ACTOR", "بات"),
    ]
    assert all(s.score is not None and 0.5 < s.score < 1 for s in article.spans)


def test_id_and_metadata_of_an_article_are_kept_and_its_own_spans_replaced() -> None:
    gold = Article("باب", id="x/1", metadata=Metadata(outlet="o"))
    read = predictor().predict(predictor().predict(gold))
    assert (read.id, read.metadata.outlet, read.model, len(read.spans)) == ("x/1", "o", "fake 1", 1)


@pytest.mark.parametrize("text", ["", " \n\t", "، .", "\u200f", "😀"])
def test_a_text_without_words_is_read_to_its_end(text: str) -> None:
    article = predictor().predict(text)
    assert (article.spans, article.characters_read) == ((), len(text))


def test_a_span_never_crosses_a_line_break() -> None:
    assert found(predictor().predict("باب\nتاب")) == [("STATE", 0, 3)]


def test_punctuation_at_the_edge_of_a_span_is_left_out() -> None:
    class All(FirstLetterScorer):
        def _scores(self, window: Window) -> NDArray[np.float32]:
            scores = np.zeros((len(window.first_subwords), len(CONFLICT.tags)), dtype=np.float32)
            scores[0, 1] = scores[1:, 2] = 5.0
            scores[0, 2:] = scores[1:, :1] = -5.0
            return scores

    reader = Predictor(All(), TOKENIZER, ModelInfo("fake", "1", CONFLICT, 1.0, 32, 8))
    assert [span.text for span in reader.predict("«قصر، دار».").spans] == ["قصر، دار"]


def test_windows_and_batches_do_not_change_what_is_found() -> None:
    generator = np.random.default_rng(5)
    words = ["باب", "تاب", "دار", "سور،", "بيت\n", "تمر"]
    texts = [" ".join(generator.choice(words, size=n)) for n in (1, 300, 40, 7, 900)]
    whole = [found(predictor(4096, 100_000).predict(text)) for text in texts]
    assert any(len(spans) > 50 for spans in whole)
    for max_subwords, batch_subwords in ((16, 32), (64, 64), (33, 500)):
        streamed = predictor(max_subwords, batch_subwords).stream(texts)
        assert [found(article) for article in streamed] == whole


def test_a_line_of_a_hundred_thousand_words_is_read_whole_in_small_batches() -> None:
    text = "سار باب تاب، ثم " * 25_000
    reader = predictor(max_subwords=512, batch_subwords=2048)
    article = reader.predict(text)
    assert article.characters_read == len(text)
    assert len(article.spans) == 25_000
    assert article.spans[-1].start_char == text.rindex("باب")
    assert reader._scorer.largest <= 2048  # type: ignore[attr-defined]


def test_a_stream_gives_results_before_its_input_ends_and_in_order() -> None:
    taken = 0

    def texts() -> Iterator[str]:
        nonlocal taken
        for number in range(5000):
            taken += 1
            yield f"باب {number}"

    stream = predictor().stream(texts())
    firsts = [next(stream).text for _ in range(3)]
    assert firsts == ["باب 0", "باب 1", "باب 2"]
    assert taken < 2500


def test_temperature_changes_scores_but_not_spans() -> None:
    sure, unsure = predictor(temperature=1.0).predict("باب"), predictor(temperature=3.0).predict("باب")
    assert found(sure) == found(unsure)
    assert (sure.spans[0].score or 0) > (unsure.spans[0].score or 0)


def test_facts_are_made_of_what_was_found() -> None:
    info = ModelInfo("fake", "1", CONFLICT, 1.0, 32, 8)
    actor = Actor("A1", "باب", "STATE", False, ("T1",))

    def facts(article: Article) -> Article:
        assert [span.id for span in article.spans] == ["T1"]
        return replace(article, facts=Facts(actors=(actor,)))

    reader = Predictor(FirstLetterScorer(), TOKENIZER, info, facts=facts)
    assert reader.predict("سار باب ثم").actors == (actor,)
    assert predictor().predict("سار باب ثم").facts == Facts()
