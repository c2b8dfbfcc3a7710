"""Examples: the tags a window teaches are the gold spans, and every word is taught once."""

from pathlib import Path

import numpy as np
import pytest

from rasid.infer.articles import Article, Span
from rasid.infer.decoding import tagged_spans
from rasid.infer.formats.corpus import read_corpus
from rasid.infer.model_folder import read_tokenizer
from rasid.infer.scheme import CONFLICT
from rasid.infer.tokens import tokenize
from rasid.train.tuning.examples import IGNORED, article_examples, tag_counts, word_tags


@pytest.fixture(scope="module")
def articles(annotated_articles: Path) -> list[Article]:
    return read_corpus(annotated_articles / "train")


def test_tags_spell_the_gold_spans(articles: list[Article]) -> None:
    for article in articles:
        tokens = tokenize(article.text)
        spelled = [
            (tokens[start].start_char, tokens[end - 1].end_char, CONFLICT.label_names[label])
            for start, end, label in tagged_spans(word_tags(article, tokens, CONFLICT))
        ]
        assert spelled == [(span.start_char, span.end_char, span.label) for span in article.spans]


def test_a_span_over_a_line_break_begins_anew_on_the_next_line() -> None:
    text = "مقتل\nثلاثة جنود"
    article = Article(text, (Span("T1", "KILLED", "CASUALTY", 0, len(text), text),))
    tags = word_tags(article, tokenize(text), CONFLICT)
    assert [CONFLICT.tags[tag] for tag in tags] == ["B-KILLED", "B-KILLED", "I-KILLED"]


@pytest.mark.parametrize(("max_subwords", "overlap"), [(128, 0), (40, 12), (16, 6)])
def test_every_word_is_learned_once_whatever_the_windows(
    articles: list[Article], tiny_encoder: Path, max_subwords: int, overlap: int
) -> None:
    examples = article_examples(articles, read_tokenizer(tiny_encoder), CONFLICT, max_subwords, overlap)
    learned = np.concatenate([example.tags[example.tags != IGNORED] for example in examples])
    expected = np.concatenate([word_tags(article, tokenize(article.text), CONFLICT) for article in articles])
    assert learned.tolist() == expected.tolist()
    assert max(map(len, examples)) <= max_subwords
    assert (tag_counts(examples, len(CONFLICT.tags)) == np.bincount(expected, minlength=len(CONFLICT.tags))).all()


def test_only_first_subwords_are_learned(articles: list[Article], tiny_encoder: Path) -> None:
    tokenizer = read_tokenizer(tiny_encoder)
    for example in article_examples(articles, tokenizer, CONFLICT, 128, 32):
        for subword, tag in zip(example.subword_ids, example.tags, strict=True):
            if tag != IGNORED:
                assert not str(tokenizer.id_to_token(int(subword))).startswith("##")
        assert example.tags[0] == example.tags[-1] == IGNORED
