"""Text files come back byte for byte, and what is not UTF-8 is refused by the byte."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from made_articles import texts

from rasid.infer.errors import EncodingError, InputError
from rasid.infer.formats.text import read_lines, read_text, read_text_and_mark, write_text


@given(texts)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_text_written_is_read_back(tmp_path: Path, text: str) -> None:
    write_text(tmp_path / "a.txt", text)
    assert read_text(tmp_path / "a.txt") == text


def test_line_ends_are_kept_and_the_byte_order_mark_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbf" + "قال\r\nنفى\n".encode())
    assert read_text_and_mark(path) == ("قال\r\nنفى\n", True)


def test_a_byte_that_is_not_utf8_is_named_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("قال".encode() + b"\xc7\xe1")
    with pytest.raises(EncodingError, match=r"old\.txt: expected UTF-8, found byte 0xC7 at byte 6"):
        read_text(path)


def test_utf16_is_called_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "wide.txt"
    path.write_text("قال", encoding="utf-16")
    with pytest.raises(EncodingError, match=r"found byte 0xFF at byte 0 \(the file seems to be UTF-16\)"):
        read_text(path)


def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.txt: there is no such file"):
        read_text(tmp_path / "no.txt")


def test_lines_end_with_line_feeds_only_and_a_bad_one_does_not_stop_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes("\ufeffأ\u2028ب\r\n".encode() + b"\xff\n" + "ت".encode())
    (_, first), (_, bad), (number, last) = read_lines(path)
    assert (first, number, last) == ("أ\u2028ب", 3, "ت")
    assert isinstance(bad, EncodingError)
    assert "a.jsonl:2: expected UTF-8, found byte 0xFF at byte 12" in str(bad)


def test_half_a_surrogate_pair_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"character 1 is half of a surrogate pair \(U\+D83D\)"):
        write_text(tmp_path / "a.txt", "أ\ud83d")
