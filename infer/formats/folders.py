"""Walk folders in an order that is the same everywhere, and name files by their path inside the folder.

What a file holds is left to the formats.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError

__all__ = ["name_inside", "walk"]


def walk(folder: Path) -> Iterator[Path]:
    """The files under a folder, entries in order of their names; hidden ones are left out.

    Holds the names of one folder and of those above it. Raises InputError for a folder that cannot be read.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(f"{folder}: cannot be read: {error.strerror or error}") from None
    for entry in entries:
        if entry.name.startswith("."):
            continue
        # A folder reached through a link could hold itself.
        if entry.is_dir(follow_symlinks=False):
            yield from walk(folder / entry.name)
        elif entry.is_file():
            yield folder / entry.name


def name_inside(path: Path, folder: Path) -> str:
    """The path of a file relative to a folder, with slashes and without its last ending."""
    return path.relative_to(folder).with_suffix("").as_posix()
