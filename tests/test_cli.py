"""The command `rasid` reads what it is given, prints what it found, and fails in one line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rasid.infer.cli import app, run_app
from rasid.infer.formats.brat import read_brat
from rasid.infer.scheme import CONFLICT

SEED = Path(__file__).parent.parent / "seeds" / "deir-ez-zor.txt"
TEXT = "اتهم الجيش السوري التحالف الدولي بقصف مدينة الباب، مما أدى إلى مقتل 14 مدنيا."


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    (folder / "more").mkdir(parents=True)
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "more" / "b.txt").write_text(f"{TEXT}\n{TEXT}\n", encoding="utf-8")
    return folder


def rasid(*words: object, stdin: str | None = None, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], input=stdin)
    assert result.exit_code == code, result.output
    return result.stdout


def test_json_lines_hold_every_article_whole_with_spans_that_fit(texts: Path) -> None:
    found = [json.loads(line) for line in rasid("predict", texts, "--format", "jsonl").splitlines()]
    assert [article["id"] for article in found] == ["a", "more/b"]
    for article in found:
        assert article["characters_read"] == article["characters"] == len(article["text"])
        assert article["spans"]
        for span in article["spans"]:
            assert article["text"][span["start"] : span["end"]] == span["text"]
            assert span["label"] in CONFLICT
            assert 0 <= span["score"] <= 1


def test_the_text_is_left_out_on_request(texts: Path) -> None:
    (line,) = rasid("predict", texts / "a.txt", "--format", "jsonl", "--no-text").splitlines()
    assert "text" not in json.loads(line)
    assert "مقتل" in line


def test_standard_input_is_read(texts: Path) -> None:
    (line,) = rasid("predict", "-", "--format", "jsonl", stdin=TEXT).splitlines()
    assert json.loads(line)["text"] == TEXT


def test_brat_files_are_written_beside_copies_of_the_texts(texts: Path, tmp_path: Path) -> None:
    rasid("predict", texts, "--format", "brat", "--out", tmp_path / "out")
    article = read_brat(tmp_path / "out" / "more" / "b.txt", CONFLICT).article
    assert article.text == f"{TEXT}\n{TEXT}\n"
    assert article.spans


def test_the_table_names_label_text_and_characters(texts: Path) -> None:
    out = rasid("predict", texts / "a.txt")
    assert "CASUALTY" in out
    assert "14 مدنيا" in out
    start = TEXT.index("مقتل 14 مدنيا")
    assert f"{start}-{start + len('مقتل 14 مدنيا')}" in out


def test_a_bad_file_ends_the_reading_after_what_came_before_it(texts: Path) -> None:
    (texts / "b.txt").write_bytes(b"\xff\xfe")
    result = CliRunner().invoke(app, ["predict", str(texts), "--format", "jsonl"])
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a"]
    assert "b.txt" in result.stderr
    assert "--keep-going" in result.stderr


def test_keep_going_reads_the_rest_and_still_fails_at_the_end(texts: Path) -> None:
    (texts / "b.txt").write_bytes(b"\xff\xfe")
    result = CliRunner().invoke(app, ["predict", str(texts), "--format", "jsonl", "--keep-going"])
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "more/b"]
    assert result.stderr.count("b.txt") == 1


def test_a_mistake_is_one_line_and_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["rasid", "predict", str(SEED), "--model", str(tmp_path / "nowhere")])
    with pytest.raises(SystemExit) as stop:
        run_app(app, "rasid")
    assert stop.value.code == 1
    error = capsys.readouterr().err
    assert error.startswith("rasid: error: ")
    assert error.count("\n") == 1
    assert "Traceback" not in error


def test_brat_without_a_folder_is_a_wrong_command_line(texts: Path) -> None:
    rasid("predict", texts, "--format", "brat", code=2)


def test_the_version_is_printed() -> None:
    from importlib.metadata import version

    assert rasid("--version").strip() == f"rasid {version('rasid')}"
