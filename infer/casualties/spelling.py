"""Whole numbers in Arabic words: the inverse of `numerals`, in either case, for counted nouns of either gender.

Plain news spelling without marks; marks, hamza and the like are variations of it that `numerals` folds away.
"""

from typing import Literal

__all__ = ["Case", "Gender", "spell"]

Case = Literal["nominative", "oblique"]
Gender = Literal["masculine", "feminine"]
"""The gender of what is counted."""

_UNITS = ["ثلاث", "أربع", "خمس", "ست", "سبع", "ثماني", "تسع"]
_TENS = ["عشر", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع"]
_LIMIT = 10_000_000


def spell(
    number: int,
    *,
    case: Case = "nominative",
    gender: Gender = "masculine",
    hundred: str = "مئة",
    glued: bool = True,
    construct: bool = False,
) -> str:
    """A number in words: `hundred` is مئة or مائة, `glued` writes ثلاثمئة as one word.

    `construct` gives the form that stands directly before the counted noun («مئتا شهيد», «ألفا شهيد»).
    Raises ValueError below 0 and from ten million on.
    """
    if not 0 <= number < _LIMIT:
        raise ValueError(f"expected a number from 0 to {_LIMIT - 1:,}, found {number:,}")
    speller = _Speller(case, hundred, glued)
    if number == 0:
        return "صفر"
    terms = [
        *speller.scaled(number // 1_000_000, "مليون", "ملايين"),
        *speller.scaled(number // 1_000 % 1_000, "ألف", "آلاف"),
        *speller.below_thousand(number % 1_000, gender),
    ]
    if construct and number % 1_000 in (0, 200) and terms[-1].endswith(("ان", "ين")) and terms[-1] != "ملايين":
        terms[-1] = terms[-1][:-1]
    return " و".join(terms)


class _Speller:
    """Spells parts of a number in one case and one way of writing hundreds; each part is a list of joined terms."""

    def __init__(self, case: Case, hundred: str, glued: bool) -> None:
        self.case = case
        self.hundred = hundred
        self.space = "" if glued else " "

    def ending(self, nominative: str, oblique: str) -> str:
        return nominative if self.case == "nominative" else oblique

    def scaled(self, count: int, singular: str, plural: str) -> list[str]:
        """So many thousands or millions, which are masculine nouns."""
        if count >= 100 and count % 100 in (0, 1, 2):
            hundreds = self.below_thousand(count - count % 100, "masculine")[0]
            # The dual loses its nun before the noun: مئتا ألف.
            hundreds = hundreds[:-1] if count // 100 == 2 else hundreds
            return [f"{hundreds} {singular}", *self.scaled(count % 100, singular, plural)]
        if count == 0:
            return []
        if count == 1:
            return [singular]
        if count == 2:
            return [singular + self.ending("ان", "ين")]
        noun = plural if 3 <= count % 100 <= 10 else singular + "ا"
        return [" و".join(self.below_thousand(count, "masculine")) + f" {noun}"]

    def below_thousand(self, number: int, gender: Gender) -> list[str]:
        """Hundreds and what follows them."""
        count, rest = divmod(number, 100)
        terms: list[str] = []
        if count == 1:
            terms.append(self.hundred)
        elif count == 2:
            terms.append(self.hundred[:-1] + self.ending("تان", "تين"))
        elif count:
            stem = _UNITS[count - 3].removesuffix("ي")
            terms.append(f"{stem}{self.space}{self.hundred}")
        return terms + self.below_hundred(rest, gender)

    def below_hundred(self, number: int, gender: Gender) -> list[str]:
        """Units before tens; three to ten take the gender their noun has not."""
        if number == 0:
            return []
        if number <= 10:
            return [self.unit(number, gender)]
        if number < 20:
            return [self.teen(number, gender)]
        tens = _TENS[number // 10 - 2] + self.ending("ون", "ين")
        unit = number % 10
        if unit == 1:
            return ["واحد" if gender == "masculine" else "إحدى", tens]
        return [self.unit(unit, gender), tens] if unit else [tens]

    def unit(self, number: int, gender: Gender) -> str:
        feminine = gender == "feminine"
        if number == 1:
            return "واحدة" if feminine else "واحد"
        if number == 2:
            return ("اثنت" if feminine else "اثن") + self.ending("ان", "ين")
        stem = "عشر" if number == 10 else _UNITS[number - 3]
        return stem if feminine else stem + "ة"

    def teen(self, number: int, gender: Gender) -> str:
        feminine = gender == "feminine"
        ten = "عشرة" if feminine else "عشر"
        if number == 11:
            return f"{'إحدى' if feminine else 'أحد'} {ten}"
        if number == 12:
            return f"{'اثنت' if feminine else 'اثن'}{self.ending('ا', 'ي')} {ten}"
        return f"{self.unit(number - 10, gender)} {ten}"
