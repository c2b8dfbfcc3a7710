"""The folder an encoder is read from: local, downloaded from the hub, or converted from a pickle once.

Older encoders on the hub have only `pytorch_model.bin`. Such a file is read with `weights_only` (no code runs) and
written as safetensors to a cache folder, `$RASID_CACHE` or `~/.cache/rasid`, which is used from then on.
"""

import hashlib
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

from ...infer.errors import ModelError
from ...infer.model_folder import EMBEDDED_ENCODER, hub_errors

__all__ = ["find_encoder"]

_PICKLE = "pytorch_model.bin"
_SMALL_FILES = ("*.json", "*.txt")


def find_encoder(encoder: str, say: Callable[[str], None] = print) -> Path:
    """The folder of an encoder given as "embedded", a local folder or a hub id; it holds safetensors.

    `say` is told what is downloaded or converted. Raises ModelError for a folder without weights, HubError if the hub
    cannot be reached or has no such model.
    """
    if encoder == "embedded":
        if not EMBEDDED_ENCODER.is_dir():
            raise ModelError(f"the embedded encoder is not in this installation ({EMBEDDED_ENCODER})")
        return EMBEDDED_ENCODER
    local = Path(encoder)
    if local.is_dir():
        folder = local
    elif encoder.startswith((".", "/", "~")) or encoder.count("/") != 1:
        raise ModelError(f"model.encoder {encoder!r}: there is no such folder, and a hub id has the form OWNER/NAME")
    else:
        folder = _downloaded(encoder, say)
    if any(folder.glob("*.safetensors")):
        return folder
    if (folder / _PICKLE).exists():
        return _converted(folder, encoder, say)
    raise ModelError(f"{folder}: expected an encoder with model.safetensors (or {_PICKLE}), found neither")


def _downloaded(name: str, say: Callable[[str], None]) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    for patterns in ([*_SMALL_FILES, "*.safetensors"], [*_SMALL_FILES, _PICKLE]):
        try:
            folder = Path(snapshot_download(name, allow_patterns=patterns, local_files_only=True))
        except LocalEntryNotFoundError:
            break
        if any(folder.glob("*.safetensors")) or (folder / _PICKLE).exists():
            return folder
    say(f"{name}: fetching from the hub")
    with hub_errors(
        name,
        "give a local folder, model.encoder=FOLDER, or the one that ships with the package, model.encoder=embedded",
    ):
        folder = Path(snapshot_download(name, allow_patterns=[*_SMALL_FILES, "*.safetensors"]))
        if not any(folder.glob("*.safetensors")):
            folder = Path(snapshot_download(name, allow_patterns=[*_SMALL_FILES, _PICKLE]))
    return folder


def _converted(folder: Path, name: str, say: Callable[[str], None]) -> Path:
    import torch
    from safetensors.torch import save_file

    source = folder / _PICKLE
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    target = _cache() / "encoders" / f"{Path(name).name}-{digest}"
    if target.is_dir():
        return target
    try:
        weights = torch.load(source, map_location="cpu", weights_only=True)
        tensors = {key: value.clone().contiguous() for key, value in weights.items()}
    except (pickle.UnpicklingError, RuntimeError, EOFError, AttributeError) as error:
        raise ModelError(
            f"{source}: holds more than weights, or is cut short, and is not read ({str(error).splitlines()[0]})"
        ) from error
    writing = target.with_name(f".writing-{target.name}-{os.getpid()}")
    shutil.rmtree(writing, ignore_errors=True)
    writing.mkdir(parents=True)
    save_file(tensors, writing / "model.safetensors", metadata={"format": "pt"})
    for pattern in _SMALL_FILES:
        for path in folder.glob(pattern):
            if not path.name.endswith(".index.json"):
                shutil.copy(path, writing / path.name)
    try:
        writing.rename(target)
    except OSError:
        # Another process was first.
        shutil.rmtree(writing)
    say(f"{name}: has only {_PICKLE}; read its weights without running its code, saved as safetensors in {target}")
    return target


def _cache() -> Path:
    return Path(os.environ.get("RASID_CACHE") or Path.home() / ".cache" / "rasid")
