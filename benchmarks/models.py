"""The models that are measured: the embedded one, and one of AraBERT's shape with weights drawn by a seed.

Speed does not depend on what weights say, but decoding depends on how much is found. The drawn model's bias is
therefore set so that about as many words are tagged as in real news.
"""

from dataclasses import dataclass
from pathlib import Path

from rasid.infer.cli import quiet_libraries
from rasid.infer.model_folder import EMBEDDED, ModelInfo, read_info, read_tokenizer, write_info
from rasid.infer.normalise import normal_forms
from rasid.infer.scheme import CONFLICT
from rasid.infer.tokens import tokenize
from rasid.infer.windows import Window, iter_windows

from .articles import text_of_words

__all__ = ["ARABERT", "TINY", "DrawnShape", "add_graphs", "draw_model", "embedded_model", "windows_of"]

_TAGGED_SHARE = 0.2
_VOCABULARY = 64_000
_CALIBRATION_WORDS = 600


@dataclass(frozen=True, slots=True)
class DrawnShape:
    """The size of a BERT with drawn weights."""

    layers: int
    width: int
    heads: int
    vocabulary: int = _VOCABULARY


ARABERT = DrawnShape(layers=12, width=768, heads=12)
"""AraBERT v0.2 base: 12 layers, 768 wide, 64,000 subwords, 512 positions."""

TINY = DrawnShape(layers=2, width=32, heads=2, vocabulary=0)
"""For trying a benchmark out; no more embeddings than the tokenizer needs."""


def embedded_model() -> Path:
    """The folder of the model that ships."""
    return EMBEDDED


def draw_model(folder: Path, shape: DrawnShape, vocabulary: Path | None = None) -> Path:
    """Write a model folder of this shape for the conflict scheme; the embedded tokenizer if no vocabulary is given.

    The vocabulary is a WordPiece list with one entry a line. The same arguments give the same weights.
    """
    import torch
    from transformers import AutoModelForTokenClassification, BertConfig

    from rasid.train.encoders.classifiers import load_tokenizer, read_vocabulary, wordpiece_tokenizer
    from rasid.train.encoders.saving import save_pretrained

    quiet_libraries()
    tokenizer = load_tokenizer(EMBEDDED) if vocabulary is None else wordpiece_tokenizer(read_vocabulary(vocabulary))
    tags = CONFLICT.tags
    config = BertConfig(
        vocab_size=max(shape.vocabulary, len(tokenizer)),
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=4 * shape.width,
        max_position_embeddings=512,
        pad_token_id=tokenizer.pad_token_id,
        id2label=dict(enumerate(tags)),
        label2id={tag: number for number, tag in enumerate(tags)},
    )
    torch.manual_seed(1)
    model = AutoModelForTokenClassification.from_config(config).eval()
    folder.mkdir(parents=True, exist_ok=True)
    write_info(folder, ModelInfo(folder.name, "0", CONFLICT, max_subwords=512, overlap_subwords=128))
    tokenizer.save_pretrained(folder)
    window = windows_of(folder, [text_of_words(200)])[0]
    with torch.inference_mode():
        logits = model(input_ids=torch.tensor([window.subword_ids])).logits[0]  # (subwords, tags)
        ahead = logits[:, 1:].max(dim=1).values - logits[:, 0]
        model.classifier.bias[0] += torch.quantile(ahead, 1.0 - _TAGGED_SHARE)
    save_pretrained(folder, model, tokenizer, "fp32")
    return folder


def add_graphs(folder: Path) -> None:
    """Write the fp32 and int8 graphs for ONNX Runtime into a model folder, if the package that writes graphs is there.

    The ranges of int8 come from a few composed texts. Whether its spans are as good is not asked: drawn weights find
    nothing worth scoring.
    """
    from importlib.util import find_spec

    if find_spec("onnx") is None:
        return
    from rasid.infer.scorers.graph_files import FINGERPRINT, GRAPH, INT8_GRAPH, WEIGHTS, fingerprint
    from rasid.train.graphs.building import build_graph
    from rasid.train.graphs.calibration import activation_ranges

    made_for = {FINGERPRINT: fingerprint(folder / WEIGHTS)}
    ranges = activation_ranges(folder, windows_of(folder, [text_of_words(_CALIBRATION_WORDS)]))
    for name, of_products in ((GRAPH, None), (INT8_GRAPH, ranges)):
        (folder / name).write_bytes(build_graph(folder, of_products, made_for).SerializeToString())


def windows_of(folder: Path, texts: list[str]) -> list[Window]:
    """The windows a model reads of some texts."""
    info, tokenizer = read_info(folder), read_tokenizer(folder)
    return [
        window
        for text in texts
        for window in iter_windows(
            normal_forms(text, tokenize(text)), tokenizer, info.max_subwords, info.overlap_subwords
        )
    ]
