"""Mistakes in a config as lines a person can act on: the key, what was expected, what was found, what was meant."""

import difflib
import json
import re
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

__all__ = ["describe", "did_you_mean"]

_EXPECTED = {
    "string_type": "expected words in quotes",
    "string_pattern_mismatch": "expected a name without spaces and slashes",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "int_parsing": "expected a whole number",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "finite_number": "expected a finite number",
    "bool_type": "expected true or false",
    "tuple_type": "expected a list",
    "list_type": "expected a list",
    "dict_type": "expected a table",
    "path_type": "expected a path in quotes",
    "model_type": "expected a table",
    "model_attributes_type": "expected a table",
    "greater_than": "expected more than {gt}",
    "greater_than_equal": "expected at least {ge}",
    "less_than": "expected less than {lt}",
    "less_than_equal": "expected at most {le}",
    "too_short": "expected at least {min_length}",
    "literal_error": "expected {expected}",
}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "; did you mean X?" for the nearest known word, empty if none is near."""
    near = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def describe(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """One line for each mistake pydantic found in a config, in the config's order of keys."""
    # pydantic calls a list too short whose items are wrong.
    return [
        _line(mistake, model)
        for mistake in error.errors(include_url=False)
        if not (mistake["type"] == "too_short" and mistake["input"])
    ]


def _line(mistake: ErrorDetails, model: type[BaseModel]) -> str:
    steps, owner = _walk(mistake["loc"], model)
    key = ".".join(steps) or "config"
    kind, context = mistake["type"], mistake.get("ctx", {})
    if kind == "extra_forbidden":
        return f"{key}: there is no such key" + _nearest_key(steps, owner, model)
    if kind == "missing":
        field = owner.model_fields.get(steps[-1]) if owner else None
        about = re.split("[;:.]", (field.description or "") if field else "")[0]
        return f"{key}: missing" + (f" ({about})" if about else "")
    if kind == "value_error":
        return f"{key}: {context['error']}"
    if kind == "invalid_key":
        return f"{key}: expected a key of words"
    expected = _EXPECTED.get(kind)
    said = expected.format(**context) if expected else mistake["msg"]
    line = f"{key}: {said}, found {_shown(mistake['input'])}"
    if kind == "literal_error" and isinstance(mistake["input"], str):
        line += did_you_mean(
            mistake["input"], str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        )
    return line


def _walk(location: tuple[int | str, ...], model: type[BaseModel]) -> tuple[list[str], type[BaseModel] | None]:
    """The keys of a location, without the names pydantic gives the branches of a union, and the last key's table."""
    steps: list[str] = []
    owner: type[BaseModel] | None = model
    table: type[BaseModel] | None = model
    for step in location:
        if steps == ["data", "scheme"] and step in ("name", "table"):
            continue
        steps.append(str(step))
        if isinstance(step, int):
            continue
        owner = table
        field = owner.model_fields.get(step) if owner else None
        table = _table_in(field) if field else None
    return steps, owner


def _table_in(field: FieldInfo) -> type[BaseModel] | None:
    """The config section a field holds, directly, optionally or in a list; None for plain values."""
    waiting: list[Any] = [field.annotation]
    while waiting:
        found = waiting.pop()
        if isinstance(found, type) and issubclass(found, BaseModel):
            return found
        waiting += get_args(found)
    return None


def _nearest_key(steps: list[str], owner: type[BaseModel] | None, model: type[BaseModel]) -> str:
    name = steps[-1]
    elsewhere = [
        f"{section}.{name}"
        for section, field in model.model_fields.items()
        if (table := _table_in(field)) is not None and name in table.model_fields
    ]
    if elsewhere:
        return f"; did you mean {elsewhere[0]}?"
    known = list(owner.model_fields) if owner else []
    return did_you_mean(name, known) or (f"; there are {', '.join(known)}" if known else "")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"
