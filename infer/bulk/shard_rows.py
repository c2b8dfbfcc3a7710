"""Write the rows of one shard to an open file as they come.

Which file, and when it becomes visible, is left to `shards`.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import IO, Any

from ..formats.jsonl import article_to_json
from .outcomes import Failure, Outcome, Prediction
from .shard_schema import article_schema, failed_schema

__all__ = ["ShardInfo", "read_info", "write_failures", "write_rows"]

_ROWS_AT_ONCE = 1000
_BLOCK = "rasid.block"


@dataclass(frozen=True, slots=True)
class ShardInfo:
    """What the footer of a shard says of its block: `first_item` of the input, from 0, and what became of its items."""

    number: int
    first_item: int
    articles: int
    failed: int
    characters: int


def write_rows(
    stream: IO[bytes],
    number: int,
    first_item: int,
    outcomes: Iterable[Outcome],
    *,
    with_text: bool,
    lineage: dict[str, str],
) -> tuple[ShardInfo, list[Failure]]:
    """Write articles in row groups of 1,000; the failures are handed back, with those that fit no column."""
    import pyarrow.parquet as parquet

    schema = article_schema(with_text=with_text).with_metadata(lineage)
    failures: list[Failure] = []
    articles = characters = 0
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in _batches(_predictions(outcomes, failures)):
            kept, table = _table(batch, schema, with_text, failures)
            writer.write_table(table)
            articles += len(kept)
            characters += sum(each.article.characters for each in kept)
        info = ShardInfo(number, first_item, articles, len(failures), characters)
        writer.add_key_value_metadata({_BLOCK: json.dumps(asdict(info))})
    return info, failures


def write_failures(stream: IO[bytes], failures: Sequence[Failure]) -> None:
    """Write the side table."""
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    rows = [asdict(failure) for failure in sorted(failures, key=lambda failure: failure.item)]
    parquet.write_table(arrow.Table.from_pylist(rows, schema=failed_schema()), stream)


def read_info(stream: IO[bytes]) -> ShardInfo | None:
    """What the footer of an open shard says; None where it is not that of a whole shard of this schema."""
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        metadata = parquet.ParquetFile(stream).metadata
        info = ShardInfo(**json.loads(metadata.metadata[_BLOCK.encode()]))
    except (arrow.ArrowException, OSError, KeyError, TypeError, ValueError):
        return None
    return info if info.articles == metadata.num_rows else None


def _predictions(outcomes: Iterable[Outcome], failures: list[Failure]) -> Iterator[Prediction]:
    for outcome in outcomes:
        if isinstance(outcome, Failure):
            failures.append(outcome)
        else:
            yield outcome


def _batches(predictions: Iterator[Prediction]) -> Iterator[list[Prediction]]:
    while batch := list(islice(predictions, _ROWS_AT_ONCE)):
        yield batch


def _table(
    batch: list[Prediction], schema: Any, with_text: bool, failures: list[Failure]
) -> tuple[list[Prediction], Any]:
    """The predictions that fit the columns, and their table; a number beyond 64 bits fits none."""
    import pyarrow as arrow

    def table(predictions: list[Prediction]) -> Any:
        rows = [article_to_json(each.article, with_text=with_text) for each in predictions]
        return arrow.Table.from_pylist(rows, schema=schema)

    try:
        return batch, table(batch)
    except (arrow.ArrowException, OverflowError, UnicodeEncodeError):
        pass
    kept: list[Prediction] = []
    for each in batch:
        try:
            table([each])
        except (arrow.ArrowException, OverflowError, UnicodeEncodeError) as error:
            name = each.article.id
            failures.append(Failure(each.item, f"article {name}", name, f"does not fit the columns: {error}"))
        else:
            kept.append(each)
    return kept, table(kept)
