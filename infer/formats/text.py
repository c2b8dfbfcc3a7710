"""Text files, byte for byte: UTF-8 with or without a byte order mark, line ends kept as they are on disk.

The mark is taken off and never counted in offsets. What a file's text means is left to the other modules.
"""

from collections.abc import Iterator
from pathlib import Path

from ..errors import EncodingError, InputError

__all__ = [
    "count_lines",
    "decode_utf8",
    "encode_utf8",
    "read_bytes",
    "read_lines",
    "read_text",
    "read_text_and_mark",
    "write_bytes",
    "write_text",
]

_MARK = b"\xef\xbb\xbf"


def read_text(path: Path) -> str:
    """The text of a file, without its byte order mark; see `read_text_and_mark` for the errors."""
    return read_text_and_mark(path)[0]


def read_text_and_mark(path: Path) -> tuple[str, bool]:
    """The text of a file and whether a byte order mark stood before it.

    Raises EncodingError, naming the byte, for a file that is not UTF-8, and InputError for one that cannot be read.
    """
    data = read_bytes(path)
    marked = data.startswith(_MARK)
    text = decode_utf8(data, str(path))
    return (text[1:], True) if marked else (text, False)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file; InputError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None


def read_lines(path: Path, *, skip: int = 0) -> Iterator[tuple[int, str | EncodingError]]:
    """Each line of a file with its number from 1, without its line end; in place of a line that is not UTF-8, why.

    Holds one line at a time. Only a line feed, or a carriage return with one, ends a line. So many lines that are not
    blank as `skip` says are passed over first, with next to no work. Raises InputError for a file that cannot be read.
    """
    first_byte = 0
    try:
        with path.open("rb") as file:
            for number, data in enumerate(file, start=1):
                if skip <= 0:
                    yield number, _decoded_line(data, path, number, first_byte)
                elif not _is_blank(data, path, number):
                    skip -= 1
                first_byte += len(data)
    except OSError as error:
        raise _unreadable(path, error) from None


def count_lines(path: Path) -> int:
    """How many lines of a file are not blank; InputError for a file that cannot be read."""
    try:
        with path.open("rb") as file:
            return sum(not _is_blank(data, path, number) for number, data in enumerate(file, start=1))
    except OSError as error:
        raise _unreadable(path, error) from None


def _is_blank(data: bytes, path: Path, number: int) -> bool:
    # What begins a JSON object needs no decoding to be seen; what could be a blank of Unicode does.
    if data[:1] == b"{":
        return False
    line = _decoded_line(data, path, number, 0)
    return isinstance(line, str) and not line.strip()


def _decoded_line(data: bytes, path: Path, number: int, first_byte: int) -> str | EncodingError:
    try:
        line = decode_utf8(data, f"{path}:{number}", first_byte=first_byte)
    except EncodingError as error:
        return error
    line = line.removesuffix("\n").removesuffix("\r")
    return line.removeprefix("\ufeff") if number == 1 else line


def decode_utf8(data: bytes, where: str, *, first_byte: int = 0) -> str:
    """Decode bytes; EncodingError names the first bad one, counted from 0 where `data` begins at `first_byte`."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        seems = " (the file seems to be UTF-16)" if data[:2] in (b"\xff\xfe", b"\xfe\xff") and not first_byte else ""
        raise EncodingError(
            f"{where}: expected UTF-8, found byte 0x{data[error.start]:02X} at byte {first_byte + error.start}{seems}; "
            "save the file as UTF-8"
        ) from None


def encode_utf8(text: str, where: str) -> bytes:
    """Encode a text; InputError for half a surrogate pair, which UTF-8 cannot hold."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"{where}: character {error.start} is half of a surrogate pair (U+{ord(text[error.start]):04X}), "
            "which no UTF-8 file can hold"
        ) from None


def write_text(path: Path, text: str) -> None:
    """Write a text so that `read_text` gives it back; InputError if it cannot be written."""
    data = encode_utf8(text, str(path))
    # A text that itself begins with U+FEFF would lose it as a mark, so it gets a mark of its own.
    write_bytes(path, _MARK + data if data.startswith(_MARK) else data)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file, making its folder; InputError if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None


def _unreadable(path: Path, error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError(f"{path}: there is no such file")
    return InputError(f"{path}: cannot be read: {error.strerror or error}")
