"""Numbers: words to int and back is the identity, and every spelling papers use is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasid.infer.casualties.numerals import parse_number
from rasid.infer.casualties.spelling import Case, Gender, spell

NUMBERS = st.one_of(
    st.integers(0, 1_000),
    st.integers(0, 9_999_999),
    st.builds(lambda count, scale: min(count * scale, 9_999_999), st.integers(1, 999), st.sampled_from([100, 1000])),
)
CASES: st.SearchStrategy[Case] = st.sampled_from(["nominative", "oblique"])
GENDERS: st.SearchStrategy[Gender] = st.sampled_from(["masculine", "feminine"])
HUNDREDS = st.sampled_from(["مئة", "مائة"])


@given(NUMBERS, CASES, GENDERS, HUNDREDS, st.booleans(), st.booleans())
def test_a_number_in_words_is_read_as_itself(
    number: int, case: Case, gender: Gender, hundred: str, glued: bool, construct: bool
) -> None:
    said = spell(number, case=case, gender=gender, hundred=hundred, glued=glued, construct=construct)
    assert parse_number(said) == number, said


@given(NUMBERS, CASES, GENDERS, st.sampled_from(["و", "ف", "ب", "ل", "ك", "ال", "وب", "فل", "بال", "وال"]))
def test_attached_particles_change_nothing(number: int, case: Case, gender: Gender, particle: str) -> None:
    said = particle + spell(number, case=case, gender=gender)
    assert parse_number(said) == number, said


@given(NUMBERS, CASES, GENDERS, st.integers(0, 3))
def test_marks_hamza_and_broken_joins_change_nothing(number: int, case: Case, gender: Gender, way: int) -> None:
    said = spell(number, case=case, gender=gender)
    said = (
        said.translate(str.maketrans("أإآ", "ااا")),
        "".join(char + "\u064e" if char not in " اى" else char for char in said),
        said.replace(" و", " و "),
        said.replace("ة", "ه"),
    )[way]
    assert parse_number(said) == number, said


def test_every_number_below_three_thousand_and_every_round_one() -> None:
    numbers = [*range(3_000), *range(3_000, 1_000_000, 997), *range(1_000_000, 10_000_000, 99_991)]
    wrong = [number for number in numbers if parse_number(spell(number, case="oblique")) != number]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("14", 14), ("١٤", 14), ("1,200", 1200), ("١٬٢٠٠", 1200), ("1.200", 1200), ("12 000", 12_000),
        ("1،200", 1200), ("1.200.000", 1_200_000), ("700، 000", 700_000), ("2013", 2013),
        ("14 ألفا", 14_000), ("14 ألفاً و500", 14_500), ("37 ألفا و 551", 37_551), ("8 آلاف", 8000),
        ("1.5 مليون", 1_500_000), ("1,5 مليون", 1_500_000), ("٢٫٣ مليون", 2_300_000), ("مليون ونصف", 1_500_000),
        ("مليونين ونصف", 2_500_000), ("مليون ونصف المليون", 1_500_000), ("3 ملايين ونصف مليون", 3_500_000),
        ("نصف مليون", 500_000), ("ربع مليون", 250_000), ("مليون و200 ألف", 1_200_000), ("300 ألف", 300_000),
        ("واحد", 1), ("وواحد", 1), ("واحدة", 1), ("اثنان", 2), ("اثنتين", 2), ("ثلاثة عشر", 13),
        ("إحدى وعشرين", 21), ("إحدى عشرة", 11), ("أحد عشر", 11), ("اثني عشر", 12), ("اثنتا عشرة", 12),
        ("ثماني عشرة", 18), ("ثمانٍ وعشرين", 28), ("مئتي", 200), ("مائتا", 200), ("مئتان", 200),
        ("ثلاثمئة", 300), ("ثلاث مئة", 300), ("ثلاثمائة", 300), ("ثمانمائة", 800), ("ثمانيمئة", 800),
        ("ألفين وخمسمائة", 2500), ("ألف ومئتين وخمسين", 1250), ("مئة وخمسة وعشرون ألفا", 125_000),
        ("مئة ألف وألفان", 102_000), ("ألفا", 2000), ("ألفاً", 1000), ("الثلاثة عشر", 13), ("العشرة آلاف", 10_000),
        ("تسعة ملايين وتسعمئة وتسعة وتسعون ألفا وتسعمئة وتسعة وتسعون", 9_999_999), ("صفر", 0),
    ],
)  # fmt: skip
def test_what_papers_write(text: str, number: int) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "قتلى", "خمسة قتلى", "ثلاثة وأربعة", "2.5", "1.20", "عشرات", "ألف ومئة ألف", "12345678901234", "و", "نصف"],
)
def test_what_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("number", [-1, 10_000_000])
def test_a_number_beyond_the_grammar_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="expected a number"):
        spell(number)
