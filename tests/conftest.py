"""Fixtures more than one test file uses: a small annotated corpus and an encoder that takes no time."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.fixture(scope="session")
def annotated_articles() -> Path:
    """A folder with `train` (4 articles) and `dev` (2), brat pairs composed for the tests."""
    return TESTS / "data" / "articles"


@pytest.fixture(scope="session")
def tiny_vocabulary(annotated_articles: Path) -> list[str]:
    """A WordPiece vocabulary: special tokens, every letter, and the short words of `annotated_articles`."""
    from rasid.infer.normalise import normal_forms
    from rasid.infer.tokens import tokenize

    texts = [path.read_text("utf-8") for path in sorted(annotated_articles.rglob("*.txt"))]
    forms = {form for text in texts for form in normal_forms(text, tokenize(text))}
    letters = [chr(c) for c in (*range(0x621, 0x63B), *range(0x641, 0x64B), *range(0x21, 0x7F))] + list("،؛؟«»")
    short = sorted(form for form in forms if 2 <= len(form) <= 5)
    return [
        *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[رابط]", "[بريد]", "[مستخدم]"),
        *letters,
        *("##" + letter for letter in letters),
        *short,
    ]


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory, tiny_vocabulary: list[str]) -> Path:
    """A Hugging Face folder with an untrained BERT of two layers, 128 positions, and its tokenizer."""
    import torch
    from transformers import BertConfig, BertModel

    from rasid.train.encoders.classifiers import wordpiece_tokenizer

    folder = tmp_path_factory.mktemp("tiny-encoder")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tiny_vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertModel(config).save_pretrained(folder)
    wordpiece_tokenizer(tiny_vocabulary, max_subwords=128).save_pretrained(folder)
    return folder
