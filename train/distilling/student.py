"""The student a distillation starts with: any encoder, or some layers of one."""

import copy
import re
from collections.abc import Callable, Sequence
from typing import Any

import torch

from ...infer.errors import ModelError
from ...infer.scheme import Scheme
from ..tuning.start import start_model
from .config import StudentConfig

__all__ = ["keep_layers", "start_student"]

_LAYER = re.compile(r"(?<=\.)(layers?\.)(\d+)(?=\.)")


def start_student(
    config: StudentConfig, scheme: Scheme, texts: Sequence[str], say: Callable[[str], None]
) -> tuple[Any, Any]:
    """A transformers token classifier in fp32 and its fast tokenizer, as for a training run, with the layers kept.

    Raises ModelError for an encoder that cannot be used or does not have the layers, HubError if it cannot be fetched.
    """
    model, tokenizer = start_model(config, scheme, texts, say)
    if config.keep_layers is not None:
        model = keep_layers(model, config.keep_layers)
        millions = sum(parameter.numel() for parameter in model.parameters()) / 1e6
        say(f"student: layers {', '.join(map(str, config.keep_layers))} of it, {millions:.1f} M parameters")
    return model, tokenizer


def keep_layers(model: Any, layers: Sequence[int]) -> Any:
    """A model of the same kind with some of a token classifier's layers, numbered anew, and all its other weights.

    After V. Sanh et al., "DistilBERT", 2019: a student that starts from its teacher's layers needs less to learn.
    Raises ModelError for layers that are not there or do not fit where they come to stand.
    """
    from transformers import AutoModelForTokenClassification

    shape = copy.deepcopy(model.config)
    there = shape.num_hidden_layers
    if max(layers) >= there:
        raise ModelError(f"model.keep_layers {list(layers)}: the encoder has {there} layers, numbered from 0")
    shape.num_hidden_layers = len(layers)
    if getattr(shape, "layer_types", None):
        shape.layer_types = [shape.layer_types[number] for number in layers]
    place = {number: n for n, number in enumerate(layers)}
    weights = {}
    for name, tensor in model.state_dict().items():
        match = _LAYER.search(name)
        if match is None:
            weights[name] = tensor
        elif int(match[2]) in place:
            weights[_LAYER.sub(rf"\g<1>{place[int(match[2])]}", name, count=1)] = tensor
    student = AutoModelForTokenClassification.from_config(shape, dtype=torch.float32)
    try:
        student.load_state_dict(weights)
    except RuntimeError as error:
        raise ModelError(
            f"model.keep_layers {list(layers)}: a {shape.model_type} model cannot begin with layer {layers[0]}, which "
            "is built unlike its first one; keep layer 0"
        ) from error
    return student
