"""Rows of any format from articles: which columns a format has and who makes its rows."""

from collections.abc import Callable, Iterable, Iterator

from ..articles import Article
from .accounts import Accounts
from .acled import ACLED_COLUMNS, acled_rows
from .claim_rows import CLAIM_COLUMNS, claim_rows
from .columns import Column, Row
from .plover import PLOVER_COLUMNS, plover_rows
from .rules import ExportFormat, ExportRules, Tally
from .ucdp import UCDP_COLUMNS, ucdp_rows

__all__ = ["export_columns", "export_rows"]

_FORMATS: dict[ExportFormat, tuple[tuple[Column, ...], Callable[[Accounts], Iterator[Row]]]] = {
    ExportFormat.CSV: (CLAIM_COLUMNS, claim_rows),
    ExportFormat.PARQUET: (CLAIM_COLUMNS, claim_rows),
    ExportFormat.ACLED: (ACLED_COLUMNS, acled_rows),
    ExportFormat.UCDP: (UCDP_COLUMNS, ucdp_rows),
    ExportFormat.PLOVER: (PLOVER_COLUMNS, plover_rows),
}


def export_columns(to: ExportFormat) -> tuple[Column, ...]:
    """The columns of a format, in order."""
    return _FORMATS[to][0]


def export_rows(
    articles: Iterable[Article], to: ExportFormat, rules: ExportRules | None = None, tally: Tally | None = None
) -> Iterator[Row]:
    """The rows of articles, one article at a time; every row has every column of the format, in its order.

    `tally` counts what goes through and what the rules leave out.
    """
    tally = Tally() if tally is None else tally
    make = _FORMATS[to][1]
    for article in articles:
        for row in make(Accounts(article, rules or ExportRules(), tally)):
            tally.rows += 1
            yield row
