"""No content of a file crashes a reader or the audit: it is read, or refused with a message."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rasid.infer.errors import InputError
from rasid.infer.formats.brat import read_brat
from rasid.infer.formats.conll import read_conll
from rasid.infer.formats.corpus import corpus_drafts
from rasid.infer.formats.inputs import iter_inputs
from rasid.infer.formats.jsonl import article_from_json
from rasid.infer.formats.settling import settle
from rasid.infer.scheme import CONFLICT

TEXT = "نفى 😀 «الجيش»\r\nقصف"
PARTS = [
    *("T1", "T2", "R1", "#1", "E1", "A1", "*", "DENY", "STATE", "holder", "Arg1:T1", "Arg2:T2", "Arg2:E1", ";"),
    *("0", "3", "4", "7", "12", "99999999999999999999999", "-1", "نفى", "الجيش", "\t", " ", "\n", "\r\n", "\ufeff"),
    *("O", "B-DENY", "I-DENY", "S-STATE", "X", "-DOCSTART-", "id=", "SpacesAfter=", "\\n", "|", "SpaceAfter=No"),
]
contents = st.lists(st.sampled_from(PARTS), max_size=40).map("".join) | st.text(max_size=40)
fields = st.sampled_from(
    ["id", "text", "characters", "spans", "links", "metadata", "label", "start", "end", "score", "kind", "source"]
)
leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([TEXT, "نفى", "DENY", "T1", "\udc00"])
)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(fields, inner), max_leaves=12)


def refuses_or_reads(read: Callable[[], Any]) -> None:
    try:
        read()
    except InputError as error:
        assert str(error)  # noqa: PT017  # both outcomes are right


@given(contents, st.booleans())
@example("T1\tDENY 0 3\tنفى\nT1\tDENY 0 3\tنفى\nR1\tholder Arg1:T1 Arg2:T1\n", True)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_annotation_file(tmp_path: Path, content: str, repair: bool) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode())
    path.with_suffix(".ann").write_bytes(content.encode())
    refuses_or_reads(lambda: read_brat(path, repair=repair))
    for draft in corpus_drafts(tmp_path):
        settle(draft, CONFLICT)


@given(contents, st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_conll_file(tmp_path: Path, content: str, repair: bool) -> None:
    (tmp_path / "a.conll").write_bytes(content.encode())
    refuses_or_reads(lambda: read_conll(tmp_path / "a.conll", repair=repair))


@given(values)
def test_any_json_value(value: object) -> None:
    refuses_or_reads(lambda: article_from_json(value))


@given(st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_given_to_predict(tmp_path: Path, data: bytes) -> None:
    for ending in ("txt", "jsonl", "parquet"):
        (tmp_path / f"a.{ending}").write_bytes(data)
    assert len(list(iter_inputs([tmp_path]))) >= 2


@pytest.mark.parametrize("depth", [100_000])
def test_json_nested_without_end(tmp_path: Path, depth: int) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": ' + b"[" * depth + b"]" * depth + b"}")
    (problem,) = iter_inputs([tmp_path])
    assert "a.jsonl:1: " in str(problem)
