"""The command `rasid-train` reads its options, runs what they ask for, and fails in one line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rasid.train.cli import app, run_app


def train(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.stdout


def test_evaluate_writes_the_three_reports(annotated_articles: Path, tmp_path: Path) -> None:
    out = train(
        "evaluate", "--dictionary", annotated_articles / "train", "--data", annotated_articles / "dev",
        "--out", tmp_path, "--resamples", 100,
    )  # fmt: skip
    assert out.strip() == str(tmp_path / "report.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json", "report.md"]
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert "articles/dev" in json.dumps(report)


def test_evaluate_judges_the_embedded_model_by_default(annotated_articles: Path, tmp_path: Path) -> None:
    train("evaluate", "--data", annotated_articles / "dev", "--out", tmp_path, "--resamples", 100)
    assert "rasid-compact" in (tmp_path / "report.md").read_text("utf-8")


def test_check_says_by_its_exit_code_whether_a_corpus_is_clean(annotated_articles: Path, tmp_path: Path) -> None:
    audit = json.loads(train("check", annotated_articles, "--format", "json"))
    assert audit
    (tmp_path / "a.txt").write_text("قصف الجيش", encoding="utf-8")
    (tmp_path / "a.ann").write_text("T1\tSTATE 4 8\tالجيش\n", encoding="utf-8")
    train("check", tmp_path, code=1)


def test_all_mistakes_of_a_config_come_at_once_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["rasid-train", "run", "tiny", "train.epoch=3", "loss.label_smoothing=2"]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as stop:
        run_app(app, "rasid-train")
    assert stop.value.code == 1
    error = capsys.readouterr().err
    assert "train.epoch: there is no such key; did you mean epochs?" in error
    assert "loss.label_smoothing" in error
    assert "Traceback" not in error


def test_pretrain_reads_its_own_kind_of_config(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["rasid-train", "pretrain", "pretrain-compact", "model.shape.layer=3"])
    with pytest.raises(SystemExit):
        run_app(app, "rasid-train")
    assert "did you mean layers?" in capsys.readouterr().err
