"""Walk folders in an order that is the same everywhere, and name files by their path inside the folder.

What a file holds is left to the formats.
"""

import os
from collections.abc import Iterator
from heapq import nsmallest
from pathlib import Path

from ..errors import InputError

__all__ = ["name_inside", "walk"]

_NAMES_AT_ONCE = 100_000


def walk(folder: Path) -> Iterator[Path]:
    """The files under a folder, entries in order of their names; hidden ones are left out.

    Holds no more than 100,000 names of one folder, and of each above it: a larger one is listed again for every
    100,000, which takes seconds where its articles take hours. Raises InputError for a folder that cannot be read.
    """
    last = ""
    while True:
        entries = _next_entries(folder, last)
        for name, is_folder in entries:
            # A folder reached through a link could hold itself.
            if is_folder:
                yield from walk(folder / name)
            else:
                yield folder / name
        if len(entries) < _NAMES_AT_ONCE:
            return
        last = entries[-1][0]


def _next_entries(folder: Path, after: str) -> list[tuple[str, bool]]:
    """The first names after one, of files and folders that are not hidden, and whether each is a folder."""
    try:
        with os.scandir(folder) as entries:
            wanted = (
                (entry.name, entry.is_dir(follow_symlinks=False))
                for entry in entries
                if entry.name > after
                and not entry.name.startswith(".")
                and (entry.is_dir(follow_symlinks=False) or entry.is_file())
            )
            return nsmallest(_NAMES_AT_ONCE, wanted)
    except OSError as error:
        raise InputError(f"{folder}: cannot be read: {error.strerror or error}") from None


def name_inside(path: Path, folder: Path) -> str:
    """The path of a file relative to a folder, with slashes and without its last ending."""
    return path.relative_to(folder).with_suffix("").as_posix()
