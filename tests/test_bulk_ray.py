"""A bulk run on a Ray cluster of two workers: one of them killed, the outcome is that of an undisturbed run.

The cluster is on this machine, of this test only, and reaches nothing outside it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ray = pytest.importorskip("ray", reason="the extra ray is not installed")
psutil = pytest.importorskip("psutil")

import pyarrow as arrow  # noqa: E402  # after the skip
import pyarrow.parquet as parquet  # noqa: E402

from rasid.infer import Predictor  # noqa: E402
from rasid.infer.formats.jsonl import article_to_json  # noqa: E402

_MAIN = "from rasid.infer.cli import main; main()"
_TEXT = "أعلن المرصد السوري لحقوق الإنسان مقتل {} مدنيا في قصف على مدينة إدلب.\n"


@pytest.fixture
def cluster() -> Iterator[dict[str, str]]:
    """The environment of a cluster of its own; its sockets need a short path."""
    folder = tempfile.mkdtemp(prefix="ray-", dir="/tmp")
    outside = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    yield {**outside, "RAY_TMPDIR": folder, "RAY_USAGE_STATS_ENABLED": "0", "HF_HUB_OFFLINE": "1"}
    shutil.rmtree(folder, ignore_errors=True)


def bulk(source: Path, out: Path, environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    options = ["--engine", "ray", "--workers", "2", "--shard-articles", "5", *words]
    return subprocess.Popen(
        [sys.executable, "-c", _MAIN, "bulk", str(source), "--out", str(out), *options],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def rows_of(folder: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(folder.glob("part-*.parquet")) for row in parquet.read_table(path).to_pylist()]


def words_of(process: Any) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # gone since it was listed
        return ""


def kill_a_worker(running: "subprocess.Popen[str]", out: Path) -> None:
    """Kill an actor as soon as it is writing a block and another is done."""
    while running.poll() is None:
        if list(out.glob("part-*")) and list((out / "unfinished").glob("part-*")):
            workers = psutil.Process(running.pid).children(recursive=True)
            at_work = [one for one in workers if "BlockWorker" in words_of(one)]
            assert len(at_work) == 2
            os.kill(at_work[0].pid, signal.SIGKILL)
            return
        time.sleep(0.02)
    raise AssertionError(running.communicate()[1])


@pytest.mark.slow
def test_a_killed_worker_costs_nothing_and_resuming_does_only_what_is_missing(
    tmp_path: Path, cluster: dict[str, str]
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    texts = [_TEXT.format(n) * (n % 7 + 1) * 10 for n in range(100)]
    parquet.write_table(arrow.table({"id": [f"a{n}" for n in range(60)], "text": texts[:60]}), source / "a.parquet")
    parquet.write_table(arrow.table({"text": [*texts[60:99], None]}), source / "b.parquet")
    running = bulk(source, out, cluster)
    try:
        kill_a_worker(running, out)
        _, said = running.communicate(timeout=900)
    finally:
        running.kill()
    assert running.returncode == 1, said
    assert "99 articles in 20 shards" in said
    assert "Traceback" not in said

    rows = rows_of(out)
    assert [row["id"] for row in rows] == [*(f"a{n}" for n in range(60)), *(f"b/{n}" for n in range(1, 40))]
    (failed,) = parquet.read_table(out / "failed").to_pylist()
    assert (failed["item"], failed["where"].endswith("b.parquet:40")) == (99, True)
    assert not list((out / "unfinished").glob("part-*")) or len(list((out / "unfinished").iterdir())) == 1
    undisturbed = Predictor.load(device="cpu")
    for row in (rows[0], rows[57], rows[98]):
        told = article_to_json(undisturbed.predict(row["text"]))
        assert [(s["start"], s["end"], s["label"]) for s in row["spans"]] == [
            (s["start"], s["end"], s["label"]) for s in told["spans"]
        ]

    (out / "part-0000003.parquet").unlink()
    kept = {path.name: path.stat().st_mtime_ns for path in out.glob("part-*")}
    again = bulk(source, out, cluster, "--resume")
    _, said = again.communicate(timeout=900)
    assert "99 articles in 20 shards" in said
    assert rows_of(out) == rows
    assert kept.items() <= {path.name: path.stat().st_mtime_ns for path in out.glob("part-*")}.items()


@pytest.mark.slow
def test_a_mistake_of_a_worker_is_one_line(tmp_path: Path, cluster: dict[str, str]) -> None:
    parquet.write_table(arrow.table({"text": ["نص"]}), tmp_path / "a.parquet")
    (tmp_path / "places.csv").write_text("nombre\nx\n", "utf-8")
    places = ("--places", str(tmp_path / "places.csv"))
    running = bulk(tmp_path / "a.parquet", tmp_path / "out", cluster, *places)
    _, said = running.communicate(timeout=900)
    errors = [line for line in said.splitlines() if line.startswith("rasid: error: ")]
    assert running.returncode == 1
    assert len(errors) == 1, said
    assert "places.csv:1" in errors[0]
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere", "--out", "out"), "nowhere: expected a Parquet file or a folder of them, found none"),
        ((".", "--out", "sub/out"), "lies in the input"),
        (("a.parquet", "--out", "out", "--model", "no/such/model"), "there is no such model folder"),
    ],
)
def test_a_mistake_is_found_before_ray_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    from typer.testing import CliRunner

    from rasid.infer.cli import app

    monkeypatch.chdir(tmp_path)
    parquet.write_table(arrow.table({"text": ["نص"]}), tmp_path / "a.parquet")
    result = CliRunner().invoke(app, ["bulk", *words])
    assert message in str(result.exception)
    assert not ray.is_initialized()
