"""What `rasid predict` reads: every kind of input, in order, a bad one in its place and the rest after it."""

import io
import json
import sys
from datetime import datetime
from pathlib import Path

import pytest

from rasid.infer.articles import Article, Metadata
from rasid.infer.errors import EncodingError
from rasid.infer.formats.inputs import InputProblem, iter_inputs


def test_a_folder_is_read_through_in_order_and_ids_are_paths_inside_it(tmp_path: Path) -> None:
    for name in ("b.txt", "a/2.txt", "a/1.x.txt", ".hidden/c.txt", "a/1.x.ann", "notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    found = list(iter_inputs([tmp_path]))
    assert found == [
        Article("a/1.x.txt", id="a/1.x"),
        Article("a/2.txt", id="a/2"),
        Article("b.txt", id="b"),
    ]


def test_annotations_are_passed_over(tmp_path: Path, annotated_articles: Path) -> None:
    found = list(iter_inputs([annotated_articles]))
    assert len(found) == 6
    assert all(isinstance(article, Article) and not article.spans for article in found)
    (tmp_path / "a.jsonl").write_text('{"text": "x", "spans": "nonsense"}', encoding="utf-8")
    assert list(iter_inputs([tmp_path / "a.jsonl"])) == [Article("x", id="a/1")]


def test_standard_input_is_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\ufeffنفى\r\n".encode())))
    assert list(iter_inputs(["-"])) == [Article("نفى\r\n", id="stdin")]


def test_rows_keep_their_id_and_metadata(tmp_path: Path) -> None:
    rows = [
        {"id": "x", "text": "ا", "metadata": {"published": "2017", "outlet": "sana"}},
        {"text": "ب", "url": "http://a.b"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert list(iter_inputs([tmp_path / "a.jsonl"])) == [
        Article("ا", id="x", metadata=Metadata("2017", "sana")),
        Article("ب", id="a/2", metadata=Metadata(url="http://a.b")),
    ]


def test_parquet_rows_become_articles_and_an_empty_one_a_problem(tmp_path: Path) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    columns = {"id": [7, 8], "text": ["ا", None], "published": [datetime(2017, 10, 5)] * 2, "other": [0, 0]}
    parquet.write_table(arrow.table(columns), tmp_path / "a.parquet")
    good, bad = iter_inputs([tmp_path])
    assert good == Article("ا", id="7", metadata=Metadata(published="2017-10-05T00:00:00"))
    assert isinstance(bad, InputProblem)
    assert "a.parquet:2: text: expected a string, found nothing" in str(bad)


def test_a_bad_input_becomes_a_problem_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_bytes(b"\xff")
    (tmp_path / "2.jsonl").write_bytes(b'{"text": "a"}\n{"text": 1}\nnonsense\n\xff\n{"text": "b"}\n')
    (tmp_path / "3.parquet").write_bytes(b"nonsense")
    (tmp_path / "4.txt").write_bytes(b"c")
    found = list(iter_inputs([tmp_path, tmp_path / "5.txt", tmp_path / "6.pdf", tmp_path / "4.txt"]))
    kinds = ["problem" if isinstance(one, InputProblem) else one.text for one in found]
    assert kinds == [*("problem", "a", *["problem"] * 3, "b", "problem", "c"), *("problem", "problem", "c")]
    problems = [one for one in found if isinstance(one, InputProblem)]
    assert isinstance(problems[0].error, EncodingError)
    names = ("1.txt", "2.jsonl:2", "2.jsonl:3", "2.jsonl:4", "3.parquet", "5.txt", "6.pdf")
    for problem, name in zip(problems, names, strict=True):
        assert problem.where.endswith(name)
        assert f"{name}: " in str(problem)


def test_a_folder_without_texts_is_a_problem(tmp_path: Path) -> None:
    (problem,) = iter_inputs([tmp_path])
    assert "expected files that end in .txt, .jsonl, .parquet, found none" in str(problem)


def test_lines_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n' * 100_000, encoding="utf-8")
    inputs = iter_inputs([path])
    next(inputs)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 14)
        file.write(b'{"text": "b"}\n')
    assert [one.text for one in inputs if isinstance(one, Article)][-1] == "b"
