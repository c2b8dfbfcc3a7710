"""Files of an export: CSV and Parquet give back the rows, no cell is a formula, and the command says what was wrong."""

import csv
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from test_exports import ARTICLE
from typer.testing import CliRunner

from rasid.infer.articles import Article
from rasid.infer.errors import InputError, MissingExtraError, RasidError
from rasid.infer.exports import ExportFormat, export_columns, export_rows, write_csv, write_parquet
from rasid.infer.exports.columns import Column, ColumnKind
from rasid.infer.exports.command import export
from rasid.infer.exports.writing import read_list, safe_cell, unsafe_cell
from rasid.infer.formats.jsonl import write_jsonl

APP = typer.Typer()
APP.command()(export)


@APP.callback()
def _root() -> None:
    """As in `rasid`, export is one command of several."""


def from_csv(path: Path, columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """The rows of a CSV file with the types of its columns."""
    single = {ColumnKind.TEXT: str, ColumnKind.INTEGER: int, ColumnKind.NUMBER: float}
    item = {ColumnKind.TEXTS: str, ColumnKind.INTEGERS: int, ColumnKind.NUMBERS: float}
    rows = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            row: dict[str, Any] = {}
            for column in columns:
                cell = unsafe_cell(line[column.name])
                if column.kind in single:
                    row[column.name] = single[column.kind](cell) if cell else None
                else:
                    make = item[column.kind]
                    row[column.name] = [make(each) if each or make is str else None for each in read_list(cell)]
            rows.append(row)
    return rows


def without_lone_empties(row: dict[str, Any]) -> dict[str, Any]:
    """A list of one empty item looks like no list in CSV."""
    return {name: [] if cell in ([""], [None]) else cell for name, cell in row.items()}


@pytest.mark.parametrize("to", list(ExportFormat))
@pytest.mark.parametrize("mark", [False, True])
def test_csv_gives_the_rows_back(tmp_path: Path, to: ExportFormat, mark: bool) -> None:
    rows = list(export_rows([ARTICLE, ARTICLE], to))
    write_csv(rows, export_columns(to), tmp_path / "new" / "a.csv", mark=mark)
    assert from_csv(tmp_path / "new" / "a.csv", export_columns(to)) == [without_lone_empties(row) for row in rows]
    assert (tmp_path / "new" / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf") is mark


@pytest.mark.parametrize("to", list(ExportFormat))
def test_parquet_gives_the_rows_back(tmp_path: Path, to: ExportFormat) -> None:
    import pyarrow.parquet as parquet

    rows = list(export_rows([ARTICLE, ARTICLE], to))
    write_parquet(rows, export_columns(to), tmp_path / "a.parquet")
    assert parquet.read_table(tmp_path / "a.parquet").to_pylist() == rows


def test_parquet_keeps_every_row_in_order_over_many_batches(tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    rows = ({"number": number} for number in range(2500))
    write_parquet(rows, (Column("number", ColumnKind.INTEGER),), tmp_path / "a.parquet")
    assert parquet.read_table(tmp_path / "a.parquet")["number"].to_pylist() == list(range(2500))


def test_an_empty_parquet_file_has_its_columns(tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    write_parquet([], export_columns(ExportFormat.ACLED), tmp_path / "a.parquet")
    table = parquet.read_table(tmp_path / "a.parquet")
    assert table.column_names == [column.name for column in export_columns(ExportFormat.ACLED)]
    assert table.num_rows == 0


def test_parquet_without_its_packages_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rasid\[train\]'"):
        write_parquet([], export_columns(ExportFormat.CSV), tmp_path / "a.parquet")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", " =1", "'=1", "''-1", "＝1", "\n@a"])
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_plain_text_and_numbers_stay_as_they_are(tmp_path: Path) -> None:
    assert [safe_cell(text) for text in ("نفى", "'tis", "a=b", "")] == ["نفى", "'tis", "a=b", ""]
    columns = (Column("text"), Column("number", ColumnKind.NUMBER), Column("texts", ColumnKind.TEXTS))
    write_csv([{"text": "-7", "number": -7.5, "texts": ["=a", "-b"]}], columns, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text("utf-8") == "text,number,texts\n'-7,-7.5,'=a | -b\n"


@given(st.text())
def test_what_is_made_safe_can_be_undone(text: str) -> None:
    assert unsafe_cell(safe_cell(text)) == text


@given(st.lists(st.text("a|\\ =-'\n", max_size=6), max_size=4).filter(lambda items: items != [""]))
def test_a_list_in_one_cell_can_be_taken_apart(tmp_path_factory: pytest.TempPathFactory, items: list[str]) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    write_csv([{"list": items}], (Column("list", ColumnKind.TEXTS),), path)
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert read_list(unsafe_cell(row["list"])) == items


def run(*words: str | Path) -> Any:
    return CliRunner().invoke(APP, ["export", *map(str, words)])


@pytest.fixture
def predicted(tmp_path: Path) -> Path:
    path = tmp_path / "predicted.jsonl"
    write_jsonl([ARTICLE, replace(ARTICLE, id="a/2")], path)
    return path


@pytest.mark.parametrize(
    ("to", "name"),
    [("csv", "a.csv"), ("acled", "a.csv"), ("ucdp", "a.csv"), ("plover", "a.txt"), ("acled", "a.parquet")],
)
def test_the_command_writes_a_format_to_the_file_its_name_says(
    predicted: Path, tmp_path: Path, to: str, name: str
) -> None:
    result = run(predicted, "--to", to, "--out", tmp_path / name)
    assert result.exit_code == 0, result.output
    count = 6 if to in ("csv", "plover") else 2
    assert f"2 articles, 6 claims, 2 incidents: {count} rows" in result.stderr
    assert ((tmp_path / name).read_bytes()[:4] == b"PAR1") is name.endswith(".parquet")


def test_the_command_hands_on_every_rule(predicted: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    result = run(predicted, "--to", "acled", "--out", out, "--toll", "range", "--deny", "drop", "--min-score", "0.7")
    assert result.exit_code == 0, result.output
    assert "left out 2 denials" in result.stderr
    assert "left out 2 claims with a score below 0.7" in result.stderr
    for row in from_csv(out, export_columns(ExportFormat.ACLED)):
        assert (row["fatalities"], row["rasid_killed_low"], row["rasid_claims"]) == (None, 22, ["C3"])


def test_an_input_without_claims_is_told(tmp_path: Path) -> None:
    write_jsonl([Article("نفى الجيش")], tmp_path / "a.jsonl")
    result = run(tmp_path / "a.jsonl", "--to", "csv", "--out", tmp_path / "a.csv")
    assert result.exit_code == 0
    assert "has claims; was it made by rasid predict" in result.stderr


@pytest.mark.parametrize(
    ("name", "to", "message"),
    [
        ("none.jsonl", "csv", "there is no such file"),
        ("bad.jsonl", "csv", r"bad\.jsonl:2: expected one JSON object a line"),
        ("loose.jsonl", "acled", r"loose\.jsonl:1: claims\[0\].voice: expected a string, found nothing"),
    ],
)
def test_bad_input_is_one_clear_error_and_leaves_no_file(tmp_path: Path, name: str, to: str, message: str) -> None:
    write_jsonl([ARTICLE], tmp_path / "bad.jsonl")
    with (tmp_path / "bad.jsonl").open("a", encoding="utf-8") as file:
        file.write("nonsense\n")
    (tmp_path / "loose.jsonl").write_text('{"text": "", "claims": [{"id": "C1", "stance": "DENY"}]}', "utf-8")
    before = sorted(tmp_path.iterdir())
    result = run(tmp_path / name, "--to", to, "--out", tmp_path / "out.csv")
    assert isinstance(result.exception, InputError)
    with pytest.raises(InputError, match=message):
        raise result.exception
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--to", "csv", "--out", "a.parquet"), "--to csv writes a file that ends in .csv"),
        (("--to", "parquet", "--out", "a.csv"), "--to parquet writes a file that ends in .parquet"),
        (("--to", "acled", "--out", "predicted.jsonl"), "is the input too"),
        (("--to", "acled", "--out", "."), "expected a file to write, found a folder"),
        (("--to", "csv", "--out", "predicted.jsonl/a.csv"), "cannot be written"),
        (("--to", "csv", "--out", "a.csv", "--min-score", "7"), "min-score: expected a number from 0 to 1"),
    ],
)
def test_an_output_that_makes_no_sense_is_refused(
    predicted: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(predicted.parent)
    whole = predicted.read_bytes()
    result = run("predicted.jsonl", *words)
    assert isinstance(result.exception, RasidError)
    assert message in str(result.exception)
    assert predicted.read_bytes() == whole


def test_an_error_is_one_line_and_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from rasid.infer.cli import run_app

    words = ["rasid", "export", str(tmp_path / "none.jsonl"), "--to", "csv", "--out", str(tmp_path / "a.csv")]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as caught:
        run_app(APP, "rasid")
    assert caught.value.code == 1
    assert capsys.readouterr().err == f"rasid: error: {tmp_path / 'none.jsonl'}: there is no such file\n"
