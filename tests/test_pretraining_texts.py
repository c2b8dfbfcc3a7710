"""Raw text is streamed whole from every kind of file, and a bad file is named."""

import gzip
import json
import lzma
from pathlib import Path

import pytest

from rasid.infer.errors import InputError
from rasid.train.pretraining.texts import documents, readable_files, sha256_of, text_files

PLAIN = "عنوان\nفقرة أولى\n\nمقال ثان\n\n\n"
EXPECTED = [["عنوان", "فقرة أولى"], ["مقال ثان"]]


def written(folder: Path, name: str) -> Path:
    path = folder / name
    data = PLAIN.encode()
    if name.endswith(".xz"):
        path.write_bytes(lzma.compress(data))
    elif name.endswith(".gz"):
        path.write_bytes(gzip.compress(data))
    elif name.endswith(".jsonl"):
        path.write_text("".join(json.dumps({"text": "\n".join(d)}) + "\n" for d in EXPECTED), encoding="utf-8")
    elif name.endswith(".parquet"):
        import pyarrow as arrow
        import pyarrow.parquet as parquet

        parquet.write_table(arrow.table({"text": ["\n".join(d) for d in EXPECTED]}), path)
    else:
        path.write_bytes(b"\xef\xbb\xbf" + data)
    return path


@pytest.mark.parametrize("name", ["a.txt", "a.txt.xz", "a.txt.gz", "a.jsonl", "a.parquet"])
def test_documents_of_every_kind_of_file(tmp_path: Path, name: str) -> None:
    assert list(documents(written(tmp_path, name))) == EXPECTED


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "no text"),
        ("a.txt", "نص".encode("cp1256"), "expected UTF-8, found byte 0xe4"),
        ("a.txt.xz", lzma.compress(PLAIN.encode())[:-12], "cut short"),
        ("a.txt.gz", gzip.compress(PLAIN.encode())[:-6], "cut short"),
        ("a.txt.gz", b"not gzip", "cut short"),
        ("a.jsonl", b'{"text": "x"}\n{"body": "y"}\n', "line 2"),
        ("a.parquet", b"PAR1", "Parquet"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=message) as error:
        list(documents(path))
    assert str(path) in str(error.value)


def test_a_bad_file_is_skipped_by_name_only_when_asked(tmp_path: Path) -> None:
    good, bad = written(tmp_path, "a.txt"), tmp_path / "b.txt"
    bad.write_bytes(b"")
    said: list[str] = []
    assert readable_files([good, bad], "skip", said.append) == [good]
    assert len(said) == 1
    assert "b.txt" in said[0]
    with pytest.raises(InputError, match=r"data\.bad_file"):
        readable_files([good, bad], "refuse", said.append)


def test_all_files_bad_is_an_error_even_when_skipping(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(InputError, match="nothing to train on"):
        readable_files([tmp_path / "a.txt"], "skip", lambda _: None)


def test_a_folder_stands_for_its_files_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt.xz", "notes.md"):
        written(tmp_path, name)
    assert [path.name for path in text_files([tmp_path])] == ["a.txt.xz", "b.txt"]


@pytest.mark.parametrize(
    ("name", "message"), [("nowhere", "no such file"), ("x.md", "ending in"), ("empty", "found none")]
)
def test_a_path_that_holds_no_raw_text_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.md").write_text("x")
    with pytest.raises(InputError, match=message):
        text_files([tmp_path / name])


def test_the_checksum_is_that_of_the_stored_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc")
    assert sha256_of(path).startswith("ba7816bf8f01cfea")
