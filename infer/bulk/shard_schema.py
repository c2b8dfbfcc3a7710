"""The columns of a Parquet shard: one article a row, with the keys of the JSON contract and their types.

A row as pyarrow gives it back (`to_pylist`) is the value `article_to_json` makes. pyarrow is imported when a schema is
asked for. Where shards lie is left to `shards`.
"""

from typing import Any

from ..errors import MissingExtraError

__all__ = ["SCHEMA_VERSION", "article_schema", "failed_schema"]

SCHEMA_VERSION = 1
"""Changes with a column's name, type or meaning."""


def article_schema(*, with_text: bool) -> Any:
    """The arrow schema of articles. Offsets are code points, end exclusive; low and high whole people."""
    arrow = _arrow()
    text, number, real, truth = arrow.string(), arrow.int64(), arrow.float64(), arrow.bool_()
    texts, stretches = arrow.list_(text), arrow.list_(arrow.list_(number))
    bounds = arrow.struct({"low": number, "high": number})
    suggested = arrow.struct({"grade": text, "reason": text})

    def objects(**fields: Any) -> Any:
        return arrow.list_(arrow.struct(fields))

    columns = {
        "id": text,
        "text": text,
        "characters": number,
        "characters_read": number,
        "model": text,
        "metadata": arrow.struct({"published": text, "outlet": text, "url": text}),
        "spans": objects(id=text, label=text, family=text, start=number, end=number, text=text, score=real),
        "links": objects(id=text, kind=text, source=text, target=text, score=real),
        "casualties": objects(span=text, kind=text, low=number, high=number, rule=text, part_of=text),
        "places": objects(
            **{"span": text, "name": text, "within": texts, "latitude": real, "longitude": real, "country": text},
            **{"admin1": text, "admin2": text, "precision": text, "candidates": number, "gazetteer_id": text},
        ),
        "actors": objects(id=text, name=text, type=text, side=text, known=truth, mentions=texts),
        "claims": objects(
            **{"id": text, "stance": text, "voice": text, "cues": texts, "holders": texts, "targets": texts},
            **{"casualties": texts, "places": texts, "victims": texts, "blamed": texts, "evidence": stretches},
            score=real,
        ),
        "incidents": objects(
            **{"id": text, "claims": texts, "place": text},
            **dict.fromkeys(("killed", "injured", "missing", "displaced"), bounds),
            **{"event": text, "date": text, "date_precision": text, "date_rule": text, "suggested": suggested},
        ),
    }
    if not with_text:
        del columns["text"]
    return arrow.schema(columns)


def failed_schema() -> Any:
    """The arrow schema of the side table: what could not be read or predicted, its place and why.

    `item` is the number of the article in the input, from 0; `ends_source` says that the rest of its file is lost too.
    """
    arrow = _arrow()
    text = arrow.string()
    columns = {"item": arrow.int64(), "where": text, "id": text, "error": text, "ends_source": arrow.bool_()}
    return arrow.schema(columns)


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise MissingExtraError("train", "writing Parquet") from None
    return pyarrow
