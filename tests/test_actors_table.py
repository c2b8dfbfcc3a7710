"""The table of actors: what ships is sound, a user's rows come first, a malformed file is refused in one line."""

from collections import defaultdict
from pathlib import Path

import pytest
from actor_articles import actors_of, names

from rasid.infer.actors import ActorTable
from rasid.infer.actors.folding import fold
from rasid.infer.errors import InputError

HEADER = "name,english,aliases,type,side,country\n"


def _file(folder: Path, rows: str, header: str = HEADER) -> Path:
    path = folder / "actors.csv"
    path.write_text(header + rows, "utf-8")
    return path


def test_the_shipped_table_covers_the_field() -> None:
    entries = ActorTable.load().entries
    assert len(entries) >= 400
    assert all(entry.english for entry in entries)
    assert len({entry.english for entry in entries}) == len(entries)


def test_no_name_stands_for_two_actors_of_one_type() -> None:
    owners: defaultdict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    for entry in ActorTable.load().entries:
        for name in (entry.name, *entry.aliases):
            owners[entry.type, fold(name)].add(entry.name)
    assert {key: found for key, found in owners.items() if len(found) > 1} == {}


def test_no_short_form_is_also_a_full_name_of_its_type() -> None:
    entries = ActorTable.load().entries
    full = {(entry.type, fold(name)) for entry in entries for name in (entry.name, *entry.aliases)}
    assert {
        (entry.type, short) for entry in entries for short in entry.short_forms if (entry.type, fold(short)) in full
    } == set()


def test_it_is_read_once() -> None:
    assert ActorTable.load() is ActorTable.load()


def test_a_users_actor_is_added(tmp_path: Path) -> None:
    table = ActorTable.load(_file(tmp_path, "لواء الوادي,Wadi Brigade,اللواء?|ألوية الوادي,ARMED,valley,SY\n"))
    (actor,) = actors_of("هاجمت {ARMED:ألوية الوادي} ثم انسحب {ARMED:اللواء}.", table)
    assert (actor.name, actor.side, len(actor.mentions)) == ("لواء الوادي", "valley", 2)


def test_a_users_row_replaces_the_actor_of_that_name_and_its_aliases_are_its_own(tmp_path: Path) -> None:
    table = ActorTable.load(_file(tmp_path, "روسيا,Russia,موسكو,STATE,my side,RU\nالوادي,Valley,قسد,ARMED,,SY\n"))
    (russia,) = actors_of("قالت {STATE:موسكو} ذلك.", table)
    assert russia.side == "my side"
    assert names("تقدمت {ARMED:قسد} شرقا.", table) == ["الوادي"]
    assert names("تقدمت {ARMED:قسد} شرقا.") == ["قوات سوريا الديمقراطية"]


@pytest.mark.parametrize(
    ("rows", "header", "line", "column", "found"),
    [
        ("لواء,Brigade,,ARMY,,SY\n", HEADER, 2, "type", "ARMY"),
        ("لواء,Brigade,,ARMED,,SY\nألوية,Brigades,,ARMED,,Syria\n", HEADER, 3, "country", "Syria"),
        (",Brigade,,ARMED,,SY\n", HEADER, 2, "name", "''"),
        ("لواء,Brigade,ألوية||لواءان,ARMED,,SY\n", HEADER, 2, "aliases", "||"),
        ("لواء,Brigade,ARMED,SY\n", HEADER, 2, "6 columns", "found 4"),
        ("لواء,Brigade,,ARMED,,SY\nلِواء,Brigade,,ARMED,,SY\n", HEADER, 3, "name", "again (line 2)"),
        ("", "name,type\n", 1, "columns name, english", "name, type"),
    ],
)
def test_a_malformed_table_is_refused_with_its_line_and_column(
    tmp_path: Path, rows: str, header: str, line: int, column: str, found: str
) -> None:
    path = _file(tmp_path, rows, header)
    with pytest.raises(InputError) as refused:
        ActorTable.load(path)
    message = str(refused.value)
    assert message.startswith(f"{path}:{line}:")
    assert "\n" not in message
    assert "expected" in message
    assert column in message
    assert found in message


def test_a_file_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        ActorTable.load(tmp_path / "none.csv")
    path = tmp_path / "latin.csv"
    path.write_bytes("name,مرصد".encode("cp1256"))
    with pytest.raises(InputError, match="UTF-8"):
        ActorTable.load(path)
