"""A run over many articles: one kill or several, and the output is that of a run nobody disturbed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from made_articles import predicted_articles

from rasid.infer.articles import Article, Metadata
from rasid.infer.bulk.job import Job
from rasid.infer.bulk.local import Run, predict_to_lines, predict_to_shards
from rasid.infer.bulk.outcomes import Failure, Prediction, outcomes
from rasid.infer.bulk.shard_schema import article_schema
from rasid.infer.cli import app, run_app
from rasid.infer.errors import ArticleError, InputError, RunError
from rasid.infer.formats.brat import read_brat
from rasid.infer.formats.jsonl import article_from_json, article_to_json
from rasid.infer.formats.parquet import iter_rows, parquet_drafts
from rasid.infer.formats.settling import finish
from rasid.infer.scheme import CONFLICT

SEED = Path(__file__).parent.parent / "seeds" / "deir-ez-zor.txt"


class Reader:
    """Stands in for a predictor: says it has read an article, `killed_at` raises as a kill would, at an article."""

    def __init__(self, killed_at: str = "", breaks_on: str = "nothing") -> None:
        self.read: list[str] = []
        self._killed_at = killed_at
        self._breaks_on = breaks_on

    def predict(self, article: Article) -> Article:
        if article.id == self._killed_at:
            raise KeyboardInterrupt
        if self._breaks_on in article.text:
            raise ArticleError(f"article {article.id}: cannot be taken")
        self.read.append(article.id)
        return replace(article, model="made 1.0", characters_read=article.characters)

    def stream(self, articles: Iterable[Article]) -> Iterator[Article]:
        waiting: list[Article] = []
        for article in articles:
            waiting.append(article)
            if len(waiting) == 3:  # results lag behind the input, as they do
                yield from map(self.predict, waiting)
                waiting = []
        yield from map(self.predict, waiting)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Four sources with 24 articles and six problems."""
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("أ", "utf-8")
    (folder / "b.txt").write_bytes(b"\xff")
    lines = ["nonsense", '{"text": 1}', *(json.dumps({"id": f"l{n}", "text": f"نص {n}"}) for n in range(10)), ""]
    (folder / "c.jsonl").write_text("\n\n".join(lines) + '\n{"id": "l10", "text": "ن"}\nnonsense', "utf-8")
    table = arrow.table({"id": [f"p{n}" for n in range(12)], "text": ["ن" if n != 5 else None for n in range(12)]})
    parquet.write_table(table, folder / "d.parquet", row_group_size=5)
    (folder / "e.parquet").write_bytes(b"nonsense")
    (folder / "f.txt").write_text("ب", "utf-8")
    return folder


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def rows_of(folder: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as parquet

    return [row for path in sorted(folder.glob("part-*.parquet")) for row in parquet.read_table(path).to_pylist()]


def given_reader(monkeypatch: pytest.MonkeyPatch, **options: str) -> Reader:
    reader = Reader(**options)
    monkeypatch.setattr(Job, "load", lambda _: reader)
    monkeypatch.setattr(Job, "model_record", lambda _: {"name": "made", "version": "1.0", "fingerprint": "f" * 32})
    return reader


def run_of(articles: Path, out: Path, *, resume: bool = False, keep_going: bool = True, **job: Any) -> Run:
    return Run((str(articles),), out, Job(**job), keep_going=keep_going, resume=resume)


NAMES = ["a", *(f"l{n}" for n in range(11)), *(f"p{n}" for n in range(12) if n != 5), "f"]


@pytest.mark.parametrize("name", ["a", "l0", "l2", "l9", "l10", "p4", "p6", "p11", "f"])
def test_lines_killed_at_any_article_go_on_to_what_an_undisturbed_run_writes(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    given_reader(monkeypatch)
    whole = predict_to_lines(run_of(articles, tmp_path / "whole.jsonl"))
    assert (whole.articles, whole.failed) == (24, 6)
    first = given_reader(monkeypatch, killed_at=name)
    out = tmp_path / "killed.jsonl"
    with pytest.raises(KeyboardInterrupt):
        predict_to_lines(run_of(articles, out))
    with out.open("ab") as file:
        file.write(b'{"id": "torn')
    second = given_reader(monkeypatch)
    assert predict_to_lines(run_of(articles, out, resume=True)) == whole
    assert first.read + second.read == NAMES
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    failed = "killed.jsonl.failed.jsonl"
    assert (tmp_path / failed).read_bytes() == (tmp_path / "whole.jsonl.failed.jsonl").read_bytes()


@pytest.mark.parametrize("name", ["a", "l3", "l10", "p6", "f"])
def test_shards_killed_go_on_with_the_block_that_was_not_whole(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    given_reader(monkeypatch)
    whole = predict_to_shards(run_of(articles, tmp_path / "whole"), 4)
    assert (whole.articles, whole.failed) == (24, 6)
    first = given_reader(monkeypatch, killed_at=name)
    out = tmp_path / "killed"
    with pytest.raises(KeyboardInterrupt):
        predict_to_shards(run_of(articles, out), 4)
    done = [row["id"] for row in rows_of(out)]
    second = given_reader(monkeypatch)
    assert predict_to_shards(run_of(articles, out, resume=True), 4) == whole
    assert done + second.read == [row["id"] for row in rows_of(out)] == NAMES
    assert first.read[: len(done)] == done
    names = [sorted(path.name for path in (tmp_path / each).rglob("*.parquet")) for each in ("whole", "killed")]
    assert names[0] == names[1]
    assert not list((out / "unfinished").iterdir())


def test_a_torn_shard_is_done_again_and_a_finished_run_is_left_alone(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    given_reader(monkeypatch)
    predict_to_shards(run_of(articles, out), 10)
    before, torn = rows_of(out), out / "part-0000001.parquet"
    torn.write_bytes(torn.read_bytes()[:-9])
    predict_to_shards(run_of(articles, out, resume=True), 10)
    assert rows_of(out) == before
    again = given_reader(monkeypatch)
    predict_to_shards(run_of(articles, out, resume=True), 10)
    assert again.read == []


def test_a_run_goes_on_only_as_what_it_was_begun(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_reader(monkeypatch)
    lines, shards = tmp_path / "lines.jsonl", tmp_path / "shards"
    for out, predict in ((lines, predict_to_lines), (shards, lambda run: predict_to_shards(run, 9))):
        predict(run_of(articles, out))
        with pytest.raises(RunError, match="was begun with --text True and cannot go on with False"):
            predict(run_of(articles, out, resume=True, with_text=False))
        with pytest.raises(RunError, match="was begun with --outlet None and cannot go on with sana"):
            predict(run_of(articles, out, resume=True, given=Metadata(outlet="sana")))
        with monkeypatch.context() as other:
            other.setattr(Job, "model_record", lambda _: {"name": "other", "version": "2", "fingerprint": "0" * 32})
            with pytest.raises(RunError, match=r"begun with model made 1\.0 .* cannot go on with other 2"):
                predict(run_of(articles, out, resume=True))
        with pytest.raises(RunError, match=r"begun with inputs 6 files .* cannot go on with 1 files"):
            predict(run_of(articles / "a.txt", out, resume=True))
    with pytest.raises(RunError, match="begun with --shard-articles 9 and cannot go on with 10"):
        predict_to_shards(run_of(articles, shards, resume=True), 10)
    with pytest.raises(RunError, match="holds a run already; --resume goes on with it"):
        predict_to_shards(run_of(articles, shards), 9)
    os.utime(articles / "a.txt", ns=(1, 1))
    with pytest.raises(RunError, match="begun with inputs"):
        predict_to_lines(run_of(articles, lines, resume=True))
    lines.with_name("lines.jsonl.run.json").unlink()
    with pytest.raises(RunError, match=r"has no lines\.jsonl\.run\.json beside it"):
        predict_to_lines(run_of(articles, lines, resume=True))


def test_an_unfinished_run_is_not_written_over_and_a_finished_one_is(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    given_reader(monkeypatch, killed_at="p3")
    with pytest.raises(KeyboardInterrupt):
        predict_to_lines(run_of(articles, out))
    given_reader(monkeypatch)
    with pytest.raises(RunError, match="holds an unfinished run; --resume goes on with it"):
        predict_to_lines(run_of(articles, out))
    predict_to_lines(run_of(articles, out, resume=True))
    predict_to_lines(run_of(articles, out))
    assert [line["id"] for line in lines_of(out)] == NAMES


def test_a_table_that_breaks_off_counts_for_what_came_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    folder = tmp_path / "in"
    folder.mkdir()
    table = arrow.table({"id": [f"p{n}" for n in range(2000)], "text": [f"{n} نص" * 5 for n in range(2000)]})
    parquet.write_table(table, folder / "a.parquet", row_group_size=512, compression="zstd")
    data = bytearray((folder / "a.parquet").read_bytes())
    group = parquet.ParquetFile(folder / "a.parquet").metadata.row_group(1).column(1)
    start = group.dictionary_page_offset or group.data_page_offset
    data[start : start + group.total_compressed_size] = bytes(group.total_compressed_size)
    (folder / "a.parquet").write_bytes(data)
    (folder / "b.txt").write_text("أ", "utf-8")
    (folder / "c.txt").write_text("أ", "utf-8")
    out = tmp_path / "out.jsonl"
    given_reader(monkeypatch, killed_at="c")
    with pytest.raises(KeyboardInterrupt):
        predict_to_lines(run_of(folder, out))
    monkeypatch.setattr(Reader, "stream", lambda self, articles: map(self.predict, articles))
    second = given_reader(monkeypatch)
    predict_to_lines(run_of(folder, out, resume=True))
    names = [line["id"] for line in lines_of(out)]
    assert names == [*(f"p{n}" for n in range(512)), "b", "c"]
    assert "a.parquet" in lines_of(tmp_path / "out.jsonl.failed.jsonl")[0]["error"]
    assert "p0" not in second.read


def test_without_keep_going_a_run_stops_at_the_problem_and_can_go_on_past_it(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_reader(monkeypatch)
    for out, predict in (
        (tmp_path / "l.jsonl", predict_to_lines),
        (tmp_path / "s", lambda run: predict_to_shards(run, 3)),
    ):
        stopped = predict(run_of(articles, out, keep_going=False))
        assert stopped.stopped_by is not None
        assert "b.txt" in str(stopped.stopped_by)
        done = predict(run_of(articles, out, resume=True))
        assert (done.articles, done.failed) == (24, 6)


def test_an_article_that_breaks_the_model_costs_no_other() -> None:
    reader = Reader(breaks_on="سيئ")
    items = [Article("سيئ" if n in (0, 4, 5) else "جيد", id=str(n)) for n in range(12)]
    found = list(outcomes(reader, items, first_item=100))  # type: ignore[arg-type]  # stands in for a predictor
    assert [one.item for one in found] == list(range(100, 112))
    failed = [one for one in found if isinstance(one, Failure)]
    assert [one.id for one in failed] == ["0", "4", "5"]
    assert failed[0].error == "article 0: cannot be taken"


def test_what_breaks_every_article_ends_the_run() -> None:
    class Broken(Reader):
        def predict(self, article: Article) -> Article:
            raise MemoryError(f"no memory for {article.text}")

    items = [Article("نص", id=str(n)) for n in range(12)]
    with pytest.raises(RunError, match="10 articles in a row cannot be predicted: MemoryError: no memory for نص"):
        list(outcomes(Broken(), items))  # type: ignore[arg-type]  # stands in for a predictor


@pytest.fixture(scope="module")
def seed() -> Article:
    from rasid.infer.claims.facts_of import FactReader

    gold = read_brat(SEED, CONFLICT).article
    return FactReader.load()(replace(gold, model="made 1.0", characters_read=gold.characters))


def write_one(article: Article, out: Path, monkeypatch: pytest.MonkeyPatch, **job: Any) -> dict[str, Any]:
    monkeypatch.setattr(Reader, "predict", lambda *_: article)
    given_reader(monkeypatch)
    predict_to_shards(Run((str(SEED),), out, Job(**job)), 5)
    (row,) = rows_of(out)
    return row


def test_a_row_is_the_json_object_of_its_line(seed: Article, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert seed.claims
    assert seed.incidents
    row = write_one(seed, tmp_path / "out", monkeypatch)
    assert row == article_to_json(seed)
    assert list(row) == list(article_to_json(seed))
    assert json.dumps(row, ensure_ascii=False) == json.dumps(article_to_json(seed), ensure_ascii=False)
    assert article_from_json(row) == seed
    (draft,) = parquet_drafts(tmp_path / "out" / "part-0000000.parquet")
    assert finish(draft, CONFLICT)[0] == seed
    without = write_one(seed, tmp_path / "without", monkeypatch, with_text=False)
    assert without == article_to_json(seed, with_text=False)


@given(predicted_articles())
@settings(max_examples=15, deadline=None)
def test_any_article_comes_back_from_its_row(article: Article) -> None:
    import pyarrow as arrow

    rows = [article_to_json(article)]
    assert arrow.Table.from_pylist(rows, schema=article_schema(with_text=True)).to_pylist() == rows


def test_a_shard_names_schema_model_and_version(seed: Article, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as parquet

    write_one(seed, tmp_path / "out", monkeypatch)
    said = parquet.read_schema(tmp_path / "out" / "part-0000000.parquet").metadata
    record = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert said[b"rasid.schema"] == b"1"
    assert said[b"rasid.model"].decode() == f"{record['model']['name']} {record['model']['version']}"
    assert said[b"rasid.model_fingerprint"].decode() == record["model"]["fingerprint"]


def test_a_number_beyond_the_columns_fails_its_article_alone(
    seed: Article, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rasid.infer.facts import Bounds

    first = seed.casualties[0]
    facts = replace(seed.facts, casualties=(replace(first, bounds=Bounds(2**70, None)), *seed.casualties[1:]))
    monkeypatch.setattr(Reader, "predict", lambda _, given: replace(seed, facts=facts) if given.id == "b" else given)
    given_reader(monkeypatch)
    for name in "abc":
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.txt").write_text("نص", "utf-8")
    done = predict_to_shards(run_of(tmp_path / "in", tmp_path / "out"), 5)
    assert (done.articles, done.failed) == (2, 1)
    assert [row["id"] for row in rows_of(tmp_path / "out")] == ["a", "c"]


def test_a_run_does_not_read_what_it_writes(articles: Path) -> None:
    for out in (articles / "out.jsonl", articles / "a.txt", articles):
        with pytest.raises(InputError, match="lies in the input"):
            predict_to_lines(run_of(articles, out))


def test_rows_are_found_from_any_row_on(tmp_path: Path) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    path = tmp_path / "a.parquet"
    parquet.write_table(arrow.table({"text": [str(n) for n in range(1000)]}), path, row_group_size=300)
    for first, rows in ((0, 5), (299, 2), (300, 300), (250, 700), (999, 10), (1000, 1)):
        found = [(number, row["text"]) for number, row in iter_rows(path, first_row=first, rows=rows)]
        assert found == [(n + 1, str(n)) for n in range(first, min(first + rows, 1000))]


@pytest.mark.parametrize("words", [("--resume",), ("--format", "parquet"), ("--format", "jsonl", "--resume")])
def test_options_without_an_output_are_a_wrong_command_line(words: tuple[str, ...]) -> None:
    from typer.testing import CliRunner

    result = CliRunner().invoke(app, ["predict", str(SEED), *words])
    assert result.exit_code == 2
    assert "--out" in result.output


def test_a_mistake_is_one_line(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["rasid", "predict", str(articles), "--format", "parquet", "--out", str(articles / "out")]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as stop:
        run_app(app, "rasid")
    assert stop.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.slow
def test_a_process_killed_for_good_goes_on_where_it_was(tmp_path: Path) -> None:
    texts = [f"قتل {n} مدنيا في قصف على مدينة إدلب." * 4 for n in range(3000)]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)), "utf-8")
    out = tmp_path / "out.jsonl"
    words = [sys.executable, "-c", "from rasid.infer.cli import main; main()", "predict", str(source)]
    words += ["--format", "jsonl", "--out", str(out), "--resume", "--no-text"]
    process = subprocess.Popen(words)
    while process.poll() is None and (not out.exists() or out.stat().st_size < 200_000):
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    before = out.read_bytes()
    subprocess.run(words, check=True)
    assert out.read_bytes().startswith(before[: before.rfind(b"\n") + 1])
    assert [line["id"] for line in lines_of(out)] == [str(n) for n in range(3000)]


def test_predictions_are_what_outcomes_are_made_of() -> None:
    (one,) = outcomes(Reader(), [Article("نص", id="x")])  # type: ignore[arg-type]  # stands in for a predictor
    assert isinstance(one, Prediction)
    assert one.article.model == "made 1.0"
