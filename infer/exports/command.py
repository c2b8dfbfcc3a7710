"""The command `rasid export`: options, files and the summary. What rows hold is left to `rows`, files to `writing`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..errors import InputError
from ..formats.jsonl import read_jsonl
from .rows import export_columns, export_rows
from .rules import AdmitRule, DenyRule, ExportFormat, ExportRules, Tally, TollRule
from .writing import write_csv, write_parquet

__all__ = ["export"]


def export(
    source: Annotated[
        Path,
        typer.Argument(metavar="INPUT", help="JSON Lines made by rasid predict --format jsonl.", show_default=False),
    ],
    to: Annotated[
        ExportFormat,
        typer.Option(help="A row per claim (csv, parquet, plover) or per incident (acled, ucdp).", show_default=False),
    ],
    out: Annotated[
        Path,
        typer.Option(help="File to write: Parquet where its name ends in .parquet, else CSV.", show_default=False),
    ],
    toll: Annotated[
        TollRule, typer.Option(help="One figure, the lowest asserted, or only the range over the accounts.")
    ] = TollRule.CONSERVATIVE,
    deny: Annotated[
        DenyRule, typer.Option(help="Denied figures apart, among the others, or denials left out.")
    ] = DenyRule.SEPARATE,
    admit: Annotated[
        AdmitRule, typer.Option(help="Who admits a harm did it, only said so, or admissions left out.")
    ] = AdmitRule.ACT,
    min_score: Annotated[
        float, typer.Option("--min-score", help="Leave out claims with a lower score, from 0 to 1.")
    ] = 0.0,
    bom: Annotated[bool, typer.Option("--bom", help="Begin CSV with a byte order mark, for Excel.")] = False,
) -> None:
    """Write claims or incidents as rows, by stated rules (docs/exports.md)."""
    rules = ExportRules(toll, deny, admit, min_score)
    as_parquet = out.suffix.lower() == ".parquet"
    if to in (ExportFormat.CSV, ExportFormat.PARQUET) and as_parquet != (to is ExportFormat.PARQUET):
        raise InputError(f"{out}: --to {to} writes a file that ends in .{to}")
    if out.is_dir():
        raise InputError(f"{out}: expected a file to write, found a folder")
    if out.exists() and source.exists() and out.samefile(source):
        raise InputError(f"{out}: is the input too; give another file with --out")
    tally = Tally()
    rows, columns = export_rows(read_jsonl(source), to, rules, tally), export_columns(to)
    if as_parquet:
        write_parquet(rows, columns, out)
    else:
        write_csv(rows, columns, out, mark=bom)
    print(f"rasid: {tally} in {out}", file=sys.stderr)
    if tally.articles and not tally.claims:
        print(
            f"rasid: no article of {source} has claims; was it made by rasid predict --format jsonl?", file=sys.stderr
        )
