"""The optimiser's groups and schedule, the loss, and averages of weights."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from rasid.train.settings.run_config import LossConfig, TrainConfig
from rasid.train.tuning.averaging import MovingAverage, mean_of_files
from rasid.train.tuning.examples import IGNORED
from rasid.train.tuning.losses import tag_loss, tag_weights
from rasid.train.tuning.optimiser import make_optimiser, schedule_share, set_learning_rate


def test_lower_layers_learn_slower_and_the_classifier_at_its_own_rate(tiny_encoder: Path) -> None:
    from transformers import AutoModelForTokenClassification

    model = AutoModelForTokenClassification.from_pretrained(tiny_encoder, num_labels=3)
    config = TrainConfig(learning_rate=1e-2, head_learning_rate=0.5, layer_decay=0.5, weight_decay=0.1)
    optimiser = make_optimiser(model, config)
    rate = {id(p): group["lr"] for group in optimiser.param_groups for p in group["params"]}
    decay = {id(p): group["weight_decay"] for group in optimiser.param_groups for p in group["params"]}
    named = dict(model.named_parameters())
    assert len(rate) == len(named)
    assert rate[id(named["classifier.weight"])] == 0.5
    assert rate[id(named["bert.encoder.layer.1.output.dense.weight"])] == pytest.approx(1e-2)
    assert rate[id(named["bert.encoder.layer.0.output.dense.weight"])] == pytest.approx(5e-3)
    assert rate[id(named["bert.embeddings.word_embeddings.weight"])] == pytest.approx(2.5e-3)
    for name, parameter in named.items():
        assert decay[id(parameter)] == (0.1 if name.endswith("weight") and "LayerNorm" not in name else 0.0)
    set_learning_rate(optimiser, 0.5)
    set_learning_rate(optimiser, 0.5)
    assert {group["lr"] for group in optimiser.param_groups} == {0.25, 5e-3, 2.5e-3, 1.25e-3}


@pytest.mark.parametrize("schedule", ["linear", "cosine", "constant"])
def test_the_rate_rises_over_the_warmup_and_then_never_again(schedule: str) -> None:
    config = TrainConfig.model_validate({"schedule": schedule, "warmup_fraction": 0.1, "final_fraction": 0.2})
    shares = [schedule_share(step, 100, config) for step in range(101)]
    assert all(0 < a < b for a, b in pairwise(shares[:11]))
    assert shares[10] == 1.0
    assert all(a >= b for a, b in pairwise(shares[10:]))
    assert shares[100] == pytest.approx(1.0 if schedule == "constant" else 0.2)
    if schedule != "constant":
        assert shares[55] == pytest.approx(0.6)


def test_losses_of_parts_add_up_to_the_loss_of_the_whole() -> None:
    torch.manual_seed(0)
    logits, tags = torch.randn(4, 6, 5), torch.randint(0, 5, (4, 6))
    tags[:, 0] = IGNORED
    weights = torch.rand(5)
    whole = tag_loss(logits, tags, weights, 0.1)
    parts = tag_loss(logits[:1], tags[:1], weights, 0.1) + tag_loss(logits[1:], tags[1:], weights, 0.1)
    assert whole.item() == pytest.approx(parts.item())
    nothing = tag_loss(logits, torch.full_like(tags, IGNORED), weights, 0.1)
    assert nothing.item() == 0.0


def test_rarer_tags_weigh_more_up_to_the_limit() -> None:
    config = LossConfig(class_weights="inverse_sqrt", class_weight_limit=4.0)
    weights = tag_weights(np.array([900, 100, 1, 0]), config)
    assert weights is not None
    assert weights.tolist() == pytest.approx([1.0, 3.0, 4.0, 4.0])
    assert tag_weights(np.array([900, 100]), LossConfig()) is None


def test_the_moving_average_follows_the_weights_and_gives_them_back(tmp_path: Path) -> None:
    model = nn.Linear(1, 1, bias=False)
    model.weight.data.fill_(0.0)
    average = MovingAverage(model, decay=0.9)
    model.weight.data.fill_(1.0)
    for _ in range(50):
        average.update()
    with average.in_place():
        assert 0.9 < model.weight.item() < 1.0
        held = model.weight.item()
    assert model.weight.item() == 1.0
    average.save(tmp_path / "average.safetensors")
    again = MovingAverage(model, decay=0.9)
    again.load(tmp_path / "average.safetensors", steps=50)
    with again.in_place():
        assert model.weight.item() == held


def test_the_mean_of_files_is_the_mean(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.safetensors" for n in range(3)]
    for n, path in enumerate(paths):
        save_file({"weight": torch.full((2,), float(n)), "positions": torch.tensor([7])}, path)
    mean = mean_of_files(paths)
    assert mean["weight"].tolist() == [1.0, 1.0]
    assert mean["positions"].tolist() == [7]
