"""The articles that ship keep to the guidelines' form, and the seed article stays out of the corpus."""

import hashlib
from pathlib import Path

import pytest

from rasid.infer.formats.corpus import read_corpus
from rasid.infer.scheme import CONFLICT

SEEDS = Path(__file__).parent.parent / "seeds"
SPLITS = ("train", "dev", "test")


def test_the_seed_article_is_the_users_byte_for_byte() -> None:
    digest = hashlib.sha256((SEEDS / "deir-ez-zor.txt").read_bytes()).hexdigest()
    assert digest == "f470c685bfdf88c7867fd972a728336c128b6048946c5f0f751fbd3a3eac0890"


def test_the_seed_article_has_its_gold() -> None:
    from rasid.infer.formats.brat import read_brat

    article = read_brat(SEEDS / "deir-ez-zor.txt", CONFLICT).article
    assert (len(article.spans), len(article.links)) == (120, 65)


def test_there_are_at_least_a_hundred_composed_articles_of_a_page_or_less() -> None:
    articles = [article for split in SPLITS for article in read_corpus(SEEDS / "corpus" / split)]
    assert len(articles) >= 100
    assert all(100 <= len(article.text.split()) <= 350 for article in articles)


@pytest.mark.parametrize("split", SPLITS)
def test_a_split_reads_strictly_and_every_article_is_annotated_in_all_families(split: str) -> None:
    for article in read_corpus(SEEDS / "corpus" / split):
        families = {span.family for span in article.spans}
        assert {"ACTOR", "STANCE"} <= families, article.id
        assert len(article.spans) >= 15, article.id


def test_every_label_and_link_occurs_in_training() -> None:
    articles = read_corpus(SEEDS / "corpus" / "train")
    assert {span.label for article in articles for span in article.spans} == set(CONFLICT.label_names)
    assert {link.kind for article in articles for link in article.links} == set(CONFLICT.link_by_name)


def test_no_article_is_in_two_splits_and_the_seed_article_is_in_none() -> None:
    texts = [path.read_text("utf-8") for split in SPLITS for path in sorted((SEEDS / "corpus" / split).glob("*.txt"))]
    assert len(set(texts)) == len(texts)
    seed_lines = {line for line in (SEEDS / "deir-ez-zor.txt").read_text("utf-8").splitlines() if len(line) > 40}
    assert not any(line in text for line in seed_lines for text in texts)
