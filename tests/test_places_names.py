"""Promises of the folded names and of the readings of a span."""

import pytest

from rasid.infer.places.names import fold, name_key
from rasid.infer.places.readings import readings, without_particles


def key(name: str) -> str:
    return name_key(fold(name))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إدلب", "ادلب"),
        ("الأنبار", "الانبار"),
        ("حماة", "حماه"),
        ("بصرى", "بصري"),
        ("قِفِّين", "قفين"),
        ("دمـشق", "دمشق"),
        ("الرقة", "رقة"),
        ("لشكر كاه", "لشكركاه"),
        ("«دير الزور»", "دير الزور"),
        ("حي ١٧ تموز", "حي 17 تموز"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_a_short_word_is_not_an_article_and_its_rest() -> None:
    assert fold("الف") == ("الف",)
    assert key("الف") == "الف"


@pytest.mark.parametrize(
    ("span", "name"),
    [
        ("وحلب", "حلب"),
        ("بالموصل", "الموصل"),
        ("وبالموصل", "الموصل"),
        ("للقدس", "القدس"),
        ("للبنان", "لبنان"),
        ("بمدينة دير الزور", "دير الزور"),
        ("محافظة شمال سيناء", "شمال سيناء"),
        ("ريف حلب الشرقي", "حلب"),
        ("جنوب غربي باكستان", "باكستان"),
        ("الريف الشرقي لدير الزور", "دير الزور"),
        ("حمص السورية", "حمص"),
        ("مطار أربيل الدولي", "أربيل"),
        ("محافظة ديالى57", "ديالى"),
    ],
)
def test_additions_to_a_name_are_read_away(span: str, name: str) -> None:
    assert key(name) in {reading.key for reading in readings(span)}


def test_the_whole_span_is_the_cheapest_reading() -> None:
    assert readings("وادي بردى")[0].key == key("وادي بردى")
    assert readings("وادي بردى")[0].cost == 0


def test_a_span_without_letters_has_no_reading() -> None:
    assert readings("«»") == ()


@pytest.mark.parametrize(
    ("span", "name"),
    [("وبالمَوصل", "المَوصل"), ("للقدس", "القدس"), ("للبنان", "لبنان"), ("بمدينة غزّة", "مدينة غزّة")],
)
def test_particles_leave_the_rest_as_it_is_written(span: str, name: str) -> None:
    reading = next(found for found in readings(span) if found.key == key(name))
    assert without_particles(span, reading) == name
