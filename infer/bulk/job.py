"""What the rows of a run depend on: the model and the options, in a form that travels to other processes.

Where articles come from and where results go is left to the runs.
"""

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..articles import Article, Metadata
from ..errors import InputError, ModelError
from ..model_folder import find_model, read_info

if TYPE_CHECKING:
    from ..predictor import Predictor

__all__ = ["Job", "fingerprint_of_model"]

_MODEL_ENDINGS = {".json", ".safetensors", ".onnx", ".txt"}


@dataclass(frozen=True, slots=True)
class Job:
    """How articles are read, as `Predictor.load` takes it, and what their rows hold.

    `model` is a folder or hub id, None for the embedded model; `given` fills the metadata articles lack.
    """

    model: str | None = None
    device: str = "auto"
    precision: str = "auto"
    places: Path | None = None
    actors: Path | None = None
    given: Metadata = field(default_factory=Metadata)
    with_text: bool = True

    def load(self) -> "Predictor":
        """The predictor; for the errors see `Predictor.load`."""
        from ..predictor import Predictor

        return Predictor.load(
            self.model,
            device=self.device,
            precision=cast("Any", self.precision),  # checked there
            places=self.places,
            actors=self.actors,
        )

    def filled(self, article: Article) -> Article:
        """The article with what it says of itself, and the options' values for what it does not say."""
        own, given = article.metadata, self.given
        metadata = Metadata(own.published or given.published, own.outlet or given.outlet, own.url or given.url)
        return article if metadata == own else replace(article, metadata=metadata)

    def model_record(self) -> dict[str, str]:
        """Name, version and fingerprint of the model; raises ModelError or HubError if there is none."""
        folder = find_model(self.model)
        info = read_info(folder)
        return {"name": info.name, "version": info.version, "fingerprint": fingerprint_of_model(folder)}

    def options_record(self) -> dict[str, Any]:
        """The options that change what rows hold; tables of one's own by what they say. The device does not count."""
        return {
            "precision": self.precision,
            "text": self.with_text,
            "published": self.given.published,
            "outlet": self.given.outlet,
            "url": self.given.url,
            "places": _digest_of(self.places),
            "actors": _digest_of(self.actors),
        }


def fingerprint_of_model(folder: Path) -> str:
    """A digest (BLAKE2, 16 bytes in hexadecimal) of all files of a model folder that predictions depend on."""
    total = hashlib.blake2b(digest_size=16)
    try:
        for path in sorted(path for path in folder.iterdir() if path.suffix in _MODEL_ENDINGS):
            with path.open("rb") as file:
                total.update(path.name.encode() + hashlib.file_digest(file, "blake2b").digest())
    except OSError as error:
        raise ModelError(f"{folder}: cannot be read: {error.strerror or error}") from None
    return total.hexdigest()


def _digest_of(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
