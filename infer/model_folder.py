"""A model folder: what lies in it, and what is refused.

    config.json, model.safetensors     the span model, as transformers' AutoModelForTokenClassification reads it
    tokenizer.json, …                  its fast tokenizer
    rasid.json                         what is Rasid's own: scheme, windows, calibration, the run it came from
    links.safetensors, links.json      the link head and how it is read, where the model has one (`links.choosing`)
    model.onnx, model.int8.onnx        graphs over those weights, where some were made (`scorers.graph_files`)
    README.md                          the model card

Nothing is unpickled from a model folder, so one that holds a pickle is refused. Weights are not loaded here.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from .errors import HubError, ModelError, SchemeError
from .normalise import NORMALISATION
from .scheme import Scheme

__all__ = [
    "EMBEDDED",
    "EMBEDDED_ENCODER",
    "ModelInfo",
    "find_model",
    "hub_errors",
    "read_info",
    "read_tokenizer",
    "refuse_other_tags",
    "refuse_pickles",
    "write_info",
]

EMBEDDED = Path(__file__).parent / "models" / "compact"
"""The model that ships with the package and that `Predictor.load()` takes."""

EMBEDDED_ENCODER = Path(__file__).parent / "models" / "encoder"
"""The pre-trained encoder that the embedded model was fine-tuned from; no span model yet."""

_FORMAT = 1
_PICKLES = {".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"}


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What rasid.json says of a model.

    `temperature` divides the tag scores before they become probabilities; it was fitted on dev. `max_subwords` and
    `overlap_subwords` are the windows the model reads; `run` records where it came from.
    """

    name: str
    version: str
    scheme: Scheme
    temperature: float = 1.0
    max_subwords: int = 512
    overlap_subwords: int = 128
    normalisation: str = NORMALISATION
    run: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.temperature > 0:
            raise ModelError(f"model {self.name}: expected a temperature above 0, found {self.temperature}")

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def write_info(folder: Path, info: ModelInfo) -> None:
    """Write rasid.json."""
    value = {
        "format": _FORMAT,
        "name": info.name,
        "version": info.version,
        "normalisation": info.normalisation,
        "temperature": info.temperature,
        "max_subwords": info.max_subwords,
        "overlap_subwords": info.overlap_subwords,
        "scheme": info.scheme.to_json(),
        "run": info.run,
    }
    (folder / "rasid.json").write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_info(folder: Path) -> ModelInfo:
    """Read rasid.json; ModelError says what is missing, wrong or from another version."""
    path = folder / "rasid.json"
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(
            f"{folder}: there is no rasid.json, so this is not a model Rasid has trained; fine-tune an encoder with "
            f"`rasid-train run CONFIG model.encoder={folder}`"
        ) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ModelError(f"{path}: expected JSON in UTF-8 ({error})") from error
    try:
        if value["format"] != _FORMAT:
            raise ModelError(f"{path}: format {value['format']} is not known to this version, which reads {_FORMAT}")
        info = ModelInfo(
            name=value["name"],
            version=value["version"],
            scheme=Scheme.from_json(value["scheme"]),
            temperature=float(value["temperature"]),
            max_subwords=int(value["max_subwords"]),
            overlap_subwords=int(value["overlap_subwords"]),
            normalisation=value["normalisation"],
            run=value.get("run", {}),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: {type(error).__name__} {error}; the file is not complete") from error
    except SchemeError as error:
        raise ModelError(f"{path}: {error}") from error
    if info.normalisation != NORMALISATION:
        raise ModelError(
            f"{path}: the model was trained on words normalised by {info.normalisation!r}, this version has "
            f"{NORMALISATION!r}; use the version of Rasid it was made with"
        )
    return info


def read_tokenizer(folder: Path) -> Tokenizer:
    """The folder's fast tokenizer, with no truncation and no padding."""
    path = folder / "tokenizer.json"
    if not path.exists():
        raise ModelError(f"{folder}: there is no tokenizer.json")
    try:
        tokenizer: Tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the Rust side raises bare Exception
        raise ModelError(f"{path}: cannot be read as a tokenizer ({error})") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def refuse_other_tags(folder: Path, tags: tuple[str, ...], scheme: Scheme) -> None:
    """ModelError if the tags of config.json are not those of the scheme in rasid.json."""
    if tags != scheme.tags:
        raise ModelError(
            f"{folder}: config.json has {len(tags)} tags {', '.join(tags[:3])}…, the scheme in rasid.json has "
            f"{len(scheme.tags)} {', '.join(scheme.tags[:3])}…; the folder mixes two models"
        )


def refuse_pickles(folder: Path) -> None:
    """ModelError if the folder holds a file that is unpickled when read."""
    found = sorted(path.name for path in folder.iterdir() if path.suffix in _PICKLES)
    if found:
        raise ModelError(
            f"{folder}: holds {', '.join(found)}, which runs code when it is read; expected model.safetensors only"
        )


def find_model(model: str | Path | None) -> Path:
    """The folder of a model: the embedded one for None, a local folder, or a hub id, downloaded.

    Raises ModelError for a folder that is not there, HubError where the hub cannot be reached or has no such model.
    """
    if model is None:
        return EMBEDDED
    folder = Path(model)
    if folder.is_dir():
        refuse_pickles(folder)
        return folder
    name = str(model)
    if isinstance(model, Path) or name.count("/") != 1 or name.startswith((".", "/", "~")):
        raise ModelError(f"{name}: there is no such model folder")
    return _download(name)


def _download(name: str) -> Path:
    from huggingface_hub import snapshot_download

    with hub_errors(name, "give a local model folder, or no --model to use the embedded one"):
        folder = Path(snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "*.onnx", "*.txt", "*.md"]))
    refuse_pickles(folder)
    return folder


@contextmanager
def hub_errors(name: str, ways_out: str) -> Iterator[None]:
    """Turn what goes wrong with the hub into a HubError that names the model and what to do instead."""
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    try:
        yield
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise HubError(f"{name}: neither a local folder nor a model on the hub ({type(error).__name__})") from error
    except Exception as error:  # the hub's client lets its transport's errors through, of whichever library
        raise HubError(
            f"{name}: there is no such local folder, and the model hub cannot be reached ({type(error).__name__}); "
            f"{ways_out}"
        ) from error
