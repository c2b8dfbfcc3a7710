"""The command `rasid` reads what it is given, prints what it found, and fails in one line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rasid.infer.cli import app, run_app
from rasid.infer.errors import InputError
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


def test_claims_stand_in_the_table_with_who_says_what_about_whom(texts: Path) -> None:
    table = rasid("predict", texts / "a.txt")
    row = next(line for line in table.splitlines() if "ACCUSE" in line)
    assert "C1" in row
    assert "I1" in table
    assert "suggested reading" in table
    spans = rasid("predict", texts / "a.txt", "--format", "spans")
    assert "LOCATION" in spans
    assert "suggested reading" not in spans


def test_what_the_options_say_of_an_article_fills_what_it_does_not_say(tmp_path: Path) -> None:
    lines = [{"id": "1", "text": TEXT, "outlet": "صحيفة"}, {"id": "2", "text": TEXT, "published": "2016-01-02"}]
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    options = ("--published", "2017-10-25", "--outlet", "وكالة", "--format", "jsonl")
    first, second = (json.loads(line) for line in rasid("predict", path, *options).splitlines())
    assert first["metadata"] == {"published": "2017-10-25", "outlet": "صحيفة", "url": None}
    assert second["metadata"] == {"published": "2016-01-02", "outlet": "وكالة", "url": None}
    assert {incident["date"] for incident in second["incidents"]} <= {"2016-01-02"}
    assert "2017-13-45" in CliRunner().invoke(app, ["predict", str(path), "--published", "2017-13-45"]).output


def test_places_and_actors_of_ones_own_are_known(tmp_path: Path) -> None:
    text, places, actors = tmp_path / "a.txt", tmp_path / "places.csv", tmp_path / "actors.csv"
    text.write_text(TEXT.replace("مدينة الباب", "مدينة زخطورة"), "utf-8")
    places.write_text("name,latitude,longitude,country,level,within\nزخطورة,1.5,2.5,SO,town,\n", "utf-8")
    actors.write_text("nombre\nx\n", "utf-8")
    (line,) = rasid("predict", text, "--format", "jsonl", "--places", places).splitlines()
    assert [(p["latitude"], p["longitude"]) for p in json.loads(line)["places"]] == [(1.5, 2.5)]
    with pytest.raises(InputError, match=r"actors\.csv:1"):
        CliRunner().invoke(app, ["predict", str(text), "--actors", str(actors)], catch_exceptions=False)


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
    out = rasid("predict", texts / "a.txt", "--format", "spans")
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
