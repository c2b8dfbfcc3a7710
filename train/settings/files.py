"""Reading a run config: found by name or path, overridden from the command line, checked as a whole.

    load_config("compact", ["train.epochs=3", "run.name=short"])

A relative path in a config file starts at that file's folder, one on the command line at the current folder.
What the values mean is `config`'s business.
"""

import json
import tomllib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ...infer.errors import ConfigError
from .mistakes import describe, did_you_mean
from .run_config import RunConfig, Source

__all__ = ["config_names", "find_config", "load_config", "load_config_as", "require_data"]

Config = TypeVar("Config", bound=BaseModel)

_RESERVED_ENCODERS = ("embedded", "random")
_MODELS = ("model.encoder", "teacher.model")
_SOURCES = ("data.dev", "data.test", "data.train.*")
_PATHS = {"model.vocabulary", "data.texts.*", *(f"{source}.path" for source in _SOURCES)}


def config_names() -> list[str]:
    """Names of the configs that ship with the package."""
    return sorted(
        Path(entry.name).stem for entry in resources.files("rasid.configs").iterdir() if entry.name.endswith(".toml")
    )


def find_config(config: str | Path) -> Path:
    """The file a config is read from: the path itself, `configs/NAME.toml` here, or the package's own of that name.

    Raises ConfigError if there is none.
    """
    path = Path(config)
    if path.is_file():
        return path
    if path.suffix == "" and len(path.parts) == 1:
        here = Path("configs") / f"{path}.toml"
        if here.is_file():
            return here
        if path.name in config_names():
            return Path(str(resources.files("rasid.configs") / f"{path}.toml"))
    names = config_names()
    raise ConfigError(
        f"{config}: there is no such config file; by name there are {', '.join(names)}" + did_you_mean(path.stem, names)
    )


def load_config(config: str | Path, overrides: Sequence[str] = ()) -> RunConfig:
    """Read the config of a training run; see `load_config_as`."""
    return load_config_as(RunConfig, config, overrides)


def load_config_as(kind: type[Config], config: str | Path, overrides: Sequence[str] = ()) -> Config:
    """Read a config (TOML, or the JSON of a run folder), apply `key.path=value` overrides and check it all.

    Paths come out absolute. Raises ConfigError that lists every mistake.
    """
    path = find_config(config)
    values = _normalised("", _read(path), path.resolve().parent)
    mistakes = [mistake for override in overrides for mistake in _override(values, override)]
    run = values.setdefault("run", {})
    if isinstance(run, dict):
        run.setdefault("name", path.stem)
    checked: Config | None = None
    try:
        checked = kind.model_validate_json(json.dumps(values, default=str))
    except ValidationError as error:
        mistakes += describe(error, kind)
    if mistakes or checked is None:
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        raise ConfigError(f"{path}: {count}\n" + "\n".join(f"  {mistake}" for mistake in mistakes))
    return checked


def require_data(config: RunConfig) -> None:
    """Raise ConfigError naming every file and folder of the config that is not there."""
    named: list[tuple[str, Source | None]] = [(f"data.train.{n}.path", s) for n, s in enumerate(config.data.train)]
    named += [("data.dev", config.data.dev), ("data.test", config.data.test)]
    missing = [f"{key}: there is no {s.path}" for key, s in named if s is not None and not s.path.exists()]
    vocabulary = config.model.vocabulary
    if vocabulary is not None and not vocabulary.is_file():
        missing.append(f"model.vocabulary: there is no {vocabulary}")
    if missing:
        raise ConfigError(
            f"run {config.run.name}: its data is not there; articles do not come with the package, so run in a "
            "checkout that has them or name others, for example data.dev=FOLDER 'data.train=[\"FOLDER\"]'\n"
            + "\n".join(f"  {line}" for line in missing)
        )


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}") from None
    try:
        values = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: expected an object with model, data, train, loss and run")
    return values


def _override(values: dict[str, Any], override: str) -> list[str]:
    """Set one `key.path=value` in place; returns the mistakes found in it."""
    key, equals, text = override.partition("=")
    key = key.strip()
    parts = key.split(".")
    if not equals or not all(parts):
        return [f"{override}: expected key.path=value, for example train.epochs=3"]
    generic = ".".join("*" if part.isdecimal() else part for part in parts)
    value = _normalised(generic, _value(text.strip()), Path.cwd())
    place: Any = values
    for n, part in enumerate(parts):
        where = ".".join(parts[:n])
        slot: Any = part
        if isinstance(place, list):
            if not part.isdecimal() or int(part) >= len(place):
                return [f"{key}: {where} is a list of {len(place)}, expected a place from 0 to {len(place) - 1}"]
            slot = int(part)
        elif isinstance(place, dict):
            place.setdefault(slot, {})
        else:
            return [f"{key}: {where} is {place!r}, not a table"]
        if n == len(parts) - 1:
            place[slot] = value
        else:
            place = place[slot]
    return []


def _value(text: str) -> Any:
    """An override's value: TOML where it reads as TOML, `null` for nothing, else the bare words."""
    if text == "null":
        return None
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _normalised(key: str, value: Any, folder: Path) -> Any:
    """The value with every path in it made absolute from a folder and every short form written out.

    `key` has "*" for places in lists. Short forms are a source given as a path alone and a single source for a list.
    """
    if key == "data.train" and isinstance(value, str | dict):
        value = [value]
    if key in _SOURCES and isinstance(value, str):
        value = {"path": value}
    if isinstance(value, dict):
        return {name: _normalised(f"{key}.{name}" if key else name, item, folder) for name, item in value.items()}
    if isinstance(value, list):
        return [_normalised(f"{key}.*", item, folder) for item in value]
    if isinstance(value, str) and (key in _PATHS or (key in _MODELS and _is_local(value, folder))):
        return str((folder / Path(value).expanduser()).resolve())
    return value


def _is_local(encoder: str, folder: Path) -> bool:
    if encoder in _RESERVED_ENCODERS:
        return False
    return encoder.startswith((".", "/", "~")) or (folder / encoder).is_dir()
