"""Sequences laid end to end are computed as if each were alone."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional
from training_config import write_config

from rasid.infer import Predictor
from rasid.infer.articles import Span
from rasid.infer.model_folder import find_model, read_info, read_tokenizer
from rasid.infer.scorers import packing
from rasid.infer.scorers.packing import PackedLayout, enable_packing, packs
from rasid.infer.scorers.with_torch import TorchPrecision, TorchScorer, load_torch_scorer
from rasid.infer.windows import Window
from rasid.train.tuning.run import run

SEED = Path(__file__).parent.parent / "seeds" / "deir-ez-zor.txt"
LENGTHS = [3, 3, 40, 9, 9, 9, 4]  # 3 subwords are one word and its two special ones


def tiny(architecture: str, *, dropout: float = 0.0) -> Any:
    """An untrained token classifier of two layers and 5 tags; ModernBERT's second looks 4 subwords to either side."""
    from transformers import (
        BertConfig,
        BertForTokenClassification,
        DistilBertConfig,
        DistilBertForTokenClassification,
        ElectraConfig,
        ElectraForTokenClassification,
        ModernBertConfig,
        ModernBertForTokenClassification,
    )

    torch.manual_seed(0)
    shape: dict[str, Any] = {"vocab_size": 50, "hidden_size": 32, "num_attention_heads": 2, "num_labels": 5}
    shape |= {"intermediate_size": 48, "num_hidden_layers": 2, "pad_token_id": 0, "attn_implementation": "sdpa"}
    old = {"hidden_dropout_prob": dropout, "attention_probs_dropout_prob": dropout}
    special = {"bos_token_id": 1, "eos_token_id": 2, "cls_token_id": 1, "sep_token_id": 2}
    windows = {"local_attention": 8, "global_attn_every_n_layers": 2, "attention_dropout": dropout}
    if architecture == "bert":
        return BertForTokenClassification(BertConfig(**shape, **old)).eval()
    if architecture == "electra":
        return ElectraForTokenClassification(ElectraConfig(embedding_size=16, **shape, **old)).eval()
    if architecture == "modernbert":
        return ModernBertForTokenClassification(ModernBertConfig(**shape, **special, **windows)).eval()
    return DistilBertForTokenClassification(DistilBertConfig(vocab_size=50, dim=32, n_layers=1, n_heads=2)).eval()


def sequences(lengths: Sequence[int] = LENGTHS) -> list[Tensor]:
    generator = torch.Generator().manual_seed(1)
    return [torch.randint(3, 50, (length,), generator=generator) for length in lengths]


def padded_scores(model: Any, rows: list[Tensor]) -> list[Tensor]:
    """Scores (subwords, tags) of each sequence from one padded batch."""
    ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
    logits = model(input_ids=ids, attention_mask=mask).logits
    return [logits[number, : len(row)] for number, row in enumerate(rows)]


def packed_scores(model: Any, rows: list[Tensor]) -> list[Tensor]:
    """Scores (subwords, tags) of each sequence from one row."""
    layout = PackedLayout.of([len(row) for row in rows])
    return list(model(**layout.inputs(torch.cat(rows)[None])).logits[0].split(layout.lengths))


def kernel_of_the_cpu(*rows: Any, scale: float | None = None, window_size: tuple[int, int] = (-1, -1)) -> Tensor:
    """What `torch.nn.attention.varlen.varlen_attn` computes, as its documentation says; it needs CUDA."""
    query, key, value, ends, _, longest, _ = rows
    assert longest >= ends.diff().max()
    parts = []
    for start, stop in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        at = torch.arange(stop - start)
        gap = at - at[:, None]
        before, after = window_size
        seen = ((-gap <= before) | (before < 0)) & ((gap <= after) | (after < 0))
        batch = [part[start:stop].transpose(0, 1) for part in (query, key, value)]
        parts.append(functional.scaled_dot_product_attention(*batch, attn_mask=seen, scale=scale).transpose(0, 1))
    return torch.cat(parts)


def choose_way(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """Compute on the CPU in a way that only CUDA would take."""
    if way == "kernel":
        monkeypatch.setattr(packing, "_fits_kernel", lambda *_: True)
        monkeypatch.setattr(packing, "_kernel", lambda *_: kernel_of_the_cpu)
    elif way == "padded inside":
        monkeypatch.setattr(packing, "_by_runs", vars(packing)["_padded_inside"])


@pytest.mark.parametrize("way", ["runs", "padded inside", "kernel"])
@pytest.mark.parametrize("architecture", ["bert", "electra", "modernbert"])
@torch.inference_mode()
def test_packed_scores_are_the_padded_ones(architecture: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model, rows = tiny(architecture), sequences()
    expected = padded_scores(model, rows)
    assert enable_packing(model)
    choose_way(monkeypatch, way)
    for ours, theirs in zip(packed_scores(model, rows), expected, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-5)


@torch.inference_mode()
def test_one_sequence_knows_nothing_of_its_neighbours() -> None:
    model, rows = tiny("bert"), sequences()
    enable_packing(model)
    (alone,) = packed_scores(model, rows[2:3])
    assert torch.allclose(packed_scores(model, rows)[2], alone, atol=1e-5)


@torch.inference_mode()
def test_a_model_that_can_pack_pads_as_before() -> None:
    model, rows = tiny("modernbert"), sequences()
    before = padded_scores(model, rows)
    enable_packing(model)
    assert all(torch.equal(a, b) for a, b in zip(padded_scores(model, rows), before, strict=True))


@pytest.mark.parametrize("way", ["runs", "padded inside"])
@pytest.mark.parametrize("architecture", ["bert", "modernbert"])
def test_gradients_are_the_padded_ones(architecture: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model, rows = tiny(architecture), sequences()
    enable_packing(model)

    def gradients(scores: Callable[[Any, list[Tensor]], list[Tensor]]) -> list[Tensor]:
        model.zero_grad()
        sum(part.log_softmax(-1)[:, 1].sum() for part in scores(model, rows)).backward()
        return [parameter.grad.clone() for parameter in model.parameters() if parameter.grad is not None]

    expected = gradients(padded_scores)
    choose_way(monkeypatch, way)
    found = gradients(packed_scores)
    assert len(found) == len(expected) > 10
    for ours, theirs in zip(found, expected, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("architecture", ["bert", "modernbert"])
@torch.inference_mode()
def test_attention_never_spans_the_row(architecture: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model, rows = tiny(architecture), sequences([20] * 50)
    enable_packing(model)
    attend, seen = functional.scaled_dot_product_attention, []

    def watched(query: Tensor, *rest: Any, attn_mask: Tensor | None = None, **options: Any) -> Tensor:
        seen.append(max(query.shape[-2], *(attn_mask.shape if attn_mask is not None else (0,))))
        return attend(query, *rest, attn_mask=attn_mask, **options)

    monkeypatch.setattr(functional, "scaled_dot_product_attention", watched)
    packed_scores(model, rows)
    assert seen == [20, 20]  # one call a layer: sequences of one length go together


@torch.inference_mode()
def test_compiled_code_serves_rows_of_any_sequences(monkeypatch: pytest.MonkeyPatch) -> None:
    from torch._dynamo.testing import CompileCounter

    monkeypatch.setattr(packing, "_fits_kernel", lambda *_: True)
    monkeypatch.setattr(packing, "_kernel", lambda *_: lambda query, key, value, *_, **__: query + key + value)
    model, counter = tiny("bert"), CompileCounter()
    enable_packing(model)
    model.compile(dynamic=True, backend=counter)
    compiled = []
    for lengths in ([3, 9, 9], [20, 5], [64, 64, 3, 3, 3], [90]):
        rows = sequences(lengths)
        packed_scores(model, rows)
        compiled.append(counter.frame_count)
    assert compiled[0] > 0
    assert len(set(compiled)) == 1


def test_what_is_not_known_to_pack_is_left_alone() -> None:
    model = tiny("distilbert")
    before = model.config._attn_implementation
    assert not enable_packing(model)
    assert not packs(model)
    assert model.config._attn_implementation == before


def test_a_saved_model_does_not_ask_for_our_attention(tmp_path: Any) -> None:
    model = tiny("bert")
    enable_packing(model)
    model.save_pretrained(tmp_path)
    assert "rasid" not in (tmp_path / "config.json").read_text("utf-8")


def test_a_row_is_padded_back() -> None:
    layout = PackedLayout.of([2, 1, 3])
    assert layout.positions.tolist() == [[0, 1, 0, 0, 1, 2]]
    assert layout.padded(torch.arange(1, 7)[None]).tolist() == [[1, 2, 0], [3, 0, 0], [4, 5, 6]]
    with pytest.raises(ValueError, match="one subword or more"):
        PackedLayout.of([2, 0])


def read_seed(precision: TorchPrecision, *, packing: bool) -> tuple[Span, ...]:
    """The spans of the seed article by the model that ships, computed by PyTorch."""
    folder = find_model(None)
    info = read_info(folder)
    scorer = load_torch_scorer(folder, info.scheme, "cpu", precision, packing=packing)
    predictor = Predictor(scorer, read_tokenizer(folder), info, batch_subwords=700)
    return predictor.predict(SEED.read_text("utf-8")).spans


def test_the_seed_article_is_read_the_same_packed_and_in_bf16() -> None:
    expected = read_seed("fp32", packing=False)
    ways: tuple[tuple[TorchPrecision, float], ...] = (("fp32", 1e-4), ("bf16", 0.05))
    for precision, tolerance in ways:
        found = read_seed(precision, packing=True)
        assert [(s.label, s.start_char, s.end_char) for s in found] == [
            (s.label, s.start_char, s.end_char) for s in expected
        ]
        assert [s.score for s in found] == pytest.approx([s.score for s in expected], abs=tolerance)


def test_a_scorer_packs_and_pads_alike_and_in_any_order() -> None:
    model = tiny("bert")
    windows = [
        Window(0, row.tolist(), list(range(1, len(row) - 1)), 0, len(row) - 2) for row in sequences([9, 3, 30, 4])
    ]
    padded = TorchScorer(model, torch.device("cpu"), packing=False).score_with_states(windows)
    packs_now = TorchScorer(model, torch.device("cpu"))
    first, second = packs_now.submit(windows[:2], states=True), packs_now.submit(windows[2:], states=True)
    later, sooner = second.result(), first.result()
    for kind in (0, 1):
        assert [len(part) for part in padded[kind]] == [7, 1, 28, 2]
        for ours, theirs in zip([*sooner[kind], *later[kind]], padded[kind], strict=True):
            assert ours == pytest.approx(theirs, abs=1e-5)
    assert first.result()[0][0].dtype == "float32"
    assert not packs_now.submit(windows).result()[1]


@pytest.mark.parametrize(
    "more", ["train.clip_norm=100", "links={enabled=true, hidden=16, dropout=0, predicted_share=0}"]
)
def test_a_run_learns_the_same_packed_and_padded(more: str, tmp_path: Path, annotated_articles: Path) -> None:
    config = write_config(tmp_path, annotated_articles, max_steps=3)
    learned: list[list[float]] = []
    for name, packed in (("padded", "false"), ("packed", "true")):
        overrides = [f"run.out={tmp_path}", f"run.name={name}", f"train.packing={packed}", "model.dropout=0", more]
        folder = run(config, overrides).folder
        lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text("utf-8").splitlines()]
        train = [line for line in lines if line["kind"] == "train"]
        learned.append([line[key] for line in train for key in ("loss", "gradient_norm")])
    assert len(learned[0]) == 6
    assert learned[0] == pytest.approx(learned[1], rel=1e-3)
