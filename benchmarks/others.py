"""The sides we are compared with, each as its own documentation or source says it is used."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import regex

from rasid.infer.model_folder import read_info

from .predictors import UnavailableError

__all__ = ["gliner_side", "pipeline_reader", "sentence_side", "sentences_of"]

_SENTENCE = regex.compile(r"[^.!؟?\n]+[.!؟?]*")
_CAMEL_SUBWORDS = 256
_CAMEL_BATCH = 32
_GLINER_BATCH = 8
_GLINER_THRESHOLD = 0.6


def pipeline_reader(folder: Path, device: str) -> Callable[[Sequence[str], int], int]:
    """transformers' token classification pipeline over whole texts, with windows like ours (512 subwords, stride 128).

    `aggregation_strategy="simple"` is the one its documentation starts with. It truncates nothing with a stride.
    """
    from transformers import pipeline

    info = read_info(folder)
    reader: Any = pipeline(
        "token-classification",
        model=str(folder),
        device=device,
        stride=info.overlap_subwords,
        aggregation_strategy="simple",
        dtype=_dtype(device),
    )
    reader.tokenizer.model_max_length = info.max_subwords
    return lambda texts, batch: sum(len(found) for found in reader(list(texts), batch_size=batch))


def sentence_side(folder: Path, device: str) -> Callable[[Sequence[str]], int]:
    """Sentence by sentence, as `NERecognizer.predict` of CAMeL Tools 1.5 computes: batches of 32, each padded to 256.

    Words are cut at white space and punctuation, tokenized one by one, and take the best tag of their first subword;
    a sentence longer than 256 subwords is cut between words. Tags that begin a span are counted.
    """
    import torch
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model: Any = AutoModelForTokenClassification.from_pretrained(folder, dtype=_dtype(device), local_files_only=True)
    model = model.eval().to(device)
    begins = torch.tensor([tag.startswith("B-") for _, tag in sorted(model.config.id2label.items())])

    def read(texts: Sequence[str]) -> int:
        rows = [row for text in texts for sentence in sentences_of(text) for row in _camel_rows(sentence, tokenizer)]
        found = 0
        for start in range(0, len(rows), _CAMEL_BATCH):
            batch = rows[start : start + _CAMEL_BATCH]
            ids = torch.full((len(batch), _CAMEL_SUBWORDS), tokenizer.pad_token_id)
            mask, firsts = torch.zeros_like(ids), torch.zeros_like(ids, dtype=torch.bool)
            for number, (subwords, words) in enumerate(batch):
                ids[number, : len(subwords)] = torch.tensor(subwords)
                mask[number, : len(subwords)] = 1
                firsts[number, words] = True
            with torch.inference_mode():
                logits = model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits
            found += int(begins[logits.argmax(dim=-1).cpu()[firsts]].sum())
        return found

    return read


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, cut after full stops, question and exclamation marks and at line breaks."""
    return [match[0].strip() for match in _SENTENCE.finditer(text) if match[0].strip()]


def _camel_rows(sentence: str, tokenizer: Any) -> list[tuple[list[int], list[int]]]:
    """Subword ids of a sentence's parts, specials included, each with the positions of the words' first subwords."""
    rows: list[tuple[list[int], list[int]]] = []
    ids: list[int] = [tokenizer.cls_token_id]
    firsts: list[int] = []
    for word in regex.findall(r"[\p{L}\p{M}]+|\p{N}+|[^\s\p{L}\p{M}\p{N}]", sentence):
        pieces = tokenizer.convert_tokens_to_ids(tokenizer.tokenize(word))[: _CAMEL_SUBWORDS - 2]
        if not pieces:
            continue
        if len(ids) + len(pieces) + 1 > _CAMEL_SUBWORDS:
            rows.append(([*ids, tokenizer.sep_token_id], firsts))
            ids, firsts = [tokenizer.cls_token_id], []
        firsts.append(len(ids))
        ids += pieces
    return [*rows, ([*ids, tokenizer.sep_token_id], firsts)]


def gliner_side(folder: Path, device: str) -> Callable[[Sequence[str]], int]:
    """GLiNER (uni-encoder, span mode) with this folder's encoder shape, its defaults otherwise, and random weights.

    It is asked for the four families, batch 8. A text of more than 384 words is truncated by it, so it does less work
    on long ones. Random scores lie around one half: the threshold of 0.6 keeps it from finding spans at random.
    """
    try:
        from gliner import GLiNER  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        raise UnavailableError(
            "gliner is not installed: pip install --no-deps --target FOLDER gliner, then PYTHONPATH=FOLDER"
        ) from None
    import torch
    from transformers import AutoConfig

    encoder = AutoConfig.from_pretrained(folder, local_files_only=True).to_dict() | {"dtype": "float32"}
    torch.manual_seed(1)
    config = {
        "model_type": "gliner_uni_encoder_span",
        "model_name": str(folder),
        "encoder_config": encoder,
        "hidden_size": encoder["hidden_size"],
    }
    try:
        model: Any = GLiNER.from_config(config, backbone_from_pretrained=False)
    except Exception as error:  # an alien package's own errors, of whatever kind
        raise UnavailableError(f"gliner cannot be made ({type(error).__name__}: {str(error)[:80]})") from error
    model.model.float()
    model.to(device).eval()
    families = list(read_info(folder).scheme.families)

    def read(texts: Sequence[str]) -> int:
        found = model.inference(list(texts), families, batch_size=_GLINER_BATCH, threshold=_GLINER_THRESHOLD)
        return sum(len(spans) for spans in found)

    return read


def _dtype(device: str) -> Any:
    import torch

    return torch.float32 if device == "cpu" else torch.bfloat16
