"""Promises of the gazetteer: its tables, and the places users add."""

import gzip
from pathlib import Path

import pytest

from rasid.infer.articles import Article, Span
from rasid.infer.errors import EncodingError, InputError
from rasid.infer.places import gazetteer as shipped
from rasid.infer.places.entries import Entry, entry_of_line, line_of_entry
from rasid.infer.places.gazetteer import TABLES, Gazetteer
from rasid.infer.places.names import fold, name_key
from rasid.infer.places.place_files import read_places
from rasid.infer.places.resolving import resolve_places
from rasid.train.gazetteer.build import table_bytes
from rasid.train.gazetteer.check import CheckedPlace, compare, read_checked
from rasid.train.gazetteer.sources import own_places

HEADER = "name,latitude,longitude,country,level,within\n"
DATA = Path(shipped.__file__).parent / "data"


def places_file(folder: Path, text: str) -> Path:
    path = folder / "places.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_users_place_is_found_before_all_others(tmp_path: Path) -> None:
    path = places_file(tmp_path, HEADER + "الخزفوطين,15.1,44.1,YE,district,تعز\nدير الزور,1.0,2.0,,town,\n")
    text = "في الخزفوطين ودير الزور"
    spans = (
        Span("T1", "DISTRICT", "LOCATION", 3, 12, "الخزفوطين"),
        Span("T2", "TOWN", "LOCATION", 13, 23, "ودير الزور"),
    )
    quarter, town = resolve_places(Article(text, spans), Gazetteer.load(path))
    assert (quarter.latitude, quarter.country, quarter.gazetteer_id) == (15.1, "YE", "user:2")
    assert (town.latitude, town.gazetteer_id) == (1.0, "user:3")
    assert Gazetteer.load().named(name_key(fold("الخزفوطين"))) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "places.csv:1: expected the columns name, latitude"),
        ("name,latitude\n", "places.csv:1: expected the columns"),
        (
            HEADER + "تعز,north,44,YE,town,\n",
            "places.csv:2: latitude: expected degrees between -90 and 90, found 'north'",
        ),
        (
            HEADER + "\nتعز,13,444,YE,town,\n",
            "places.csv:3: longitude: expected degrees between -180 and 180, found '444'",
        ),
        (HEADER + "تعز,nan,44,YE,town,\n", "places.csv:2: latitude: expected degrees"),
        (HEADER + "تعز,13,44,Yemen,town,\n", "places.csv:2: country: expected two capital letters"),
        (HEADER + "تعز,13,44,YE,city,\n", "places.csv:2: level: expected one of country, region, town"),
        (HEADER + " ,13,44,YE,town,\n", "places.csv:2: name: expected a name"),
        (HEADER + "تعز,13,44,YE\n", "places.csv:2: expected 6 cells, found 4"),
        (HEADER.replace("within", "inside"), "places.csv:1: expected the columns"),
        (HEADER + '"تعز,13,44,YE,town,\n', "places.csv:2: expected CSV"),
    ],
)
def test_a_malformed_file_gets_one_line_that_says_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_places(places_file(tmp_path, text))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_utf8_or_not_there_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    with pytest.raises(InputError, match="cannot be read"):
        read_places(path)
    path.write_bytes("تعز".encode("cp1256"))
    with pytest.raises(EncodingError, match="byte 0 is not UTF-8"):
        read_places(path)


def test_a_line_gives_back_its_place() -> None:
    entry = Entry("user:1", ("تعز", "الحالمة"), "town", 13.58, 44.02, "YE", "تعز", None, 600_000)
    assert entry_of_line(line_of_entry(entry)) == entry
    sea = Entry("user:2", ("البحر الأحمر",), "natural", 20.3, 38.5)
    assert entry_of_line(line_of_entry(sea)) == sea


def test_the_shipped_table_is_made_of_our_own_list() -> None:
    built, kept = (gzip.decompress(data) for data in (table_bytes(own_places()), (DATA / TABLES[0]).read_bytes()))
    assert built == kept


@pytest.mark.parametrize("table", TABLES)
def test_every_shipped_line_is_a_place_under_the_keys_of_its_names(table: str) -> None:
    seen = set()
    for row in gzip.decompress((DATA / table).read_bytes()).decode("utf-8").splitlines():
        keys, _, line = row.partition("\t")
        entry = entry_of_line(line)
        assert set(keys.split("|")) == {name_key(fold(name)) for name in entry.names}
        assert abs(entry.latitude) <= 90
        assert abs(entry.longitude) <= 180
        seen.add(entry.id)
    assert len(seen) > 500


def test_the_tables_are_compact() -> None:
    assert sum((DATA / table).stat().st_size for table in TABLES) < 2_500_000


def test_the_check_counts_right_countries_and_near_places(tmp_path: Path) -> None:
    (place,) = resolve_places(Article("في تعز", (Span("T1", "TOWN", "LOCATION", 3, 6, "تعز"),)), Gazetteer.load())
    near = CheckedPlace("a", "T1", "تعز", "YE", 13.6, 44.0, "town")
    far = CheckedPlace("a", "T1", "تعز", "SY", 33.5, 36.3, "town")
    figures = compare((near, far), {("a", "T1"): place})
    assert (figures.right_country, figures.checked, figures.near, figures.settled) == (1, 2, 1, 2)
    assert len(figures.wrong) == 1


def test_the_lists_of_checked_places_are_whole() -> None:
    folder = Path(__file__).parent / "data"
    first, second = (read_checked(folder / f"places_dev_{name}.tsv") for name in ("checked", "second"))
    assert len(first) == len(second) == 100
    assert not {(place.article, place.span) for place in first} & {(place.article, place.span) for place in second}
