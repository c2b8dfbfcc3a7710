"""The number a counted noun shows: «قتيل» one, «قتيلان» two, «قتلى» many, «مدنيين» two or more, «عائلة» unsaid.

Endings decide wherever they can; the lexicon says which nouns have a plural of their own, and with it that ين makes
two.
"""

from functools import lru_cache

import regex

from .events import Number
from .lexicon import BROKEN, COLLECTIVE_PLURALS, COLLECTIVES, PLURALS, SINGULARS, SOUND
from .words import Word, readings

__all__ = ["noun_number", "unlisted_number"]

_DUAL_MARK = regex.compile(r"\u064e\u0651?ي\u0652?ن|\u0651\u064eي")
_PLURAL_MARK = regex.compile(r"\u0650\u0651?ي\u0652?ن|\u0651\u0650ي")
_ARTICLE = regex.compile(r"[وف]?[بلك]?ال|[وف]?لل")
_PARTICIPLES = ("مت", "مست", "من", "مح", "مس", "مق", "مع", "مش", "مر")
_SUFFIXES = ("هما", "هم", "هن", "نا", "كم", "ها", "ه")
# Broken plurals of the shapes أفعال، أفعلاء، فعلاء، which singular nouns for people hardly have.
_PLURAL_SHAPE = regex.compile(r"ا\w\wا\w|ا?\w\w\w?اء")


def noun_number(word: Word) -> Number | None:
    """The number of a noun for people, with any particles, case ending and attached pronoun; None if it is none."""
    number = _number(word.form)
    if number is not Number.DUAL_OR_PLURAL and word.key not in ("اخرين", "الاخرين"):
        return number
    if _DUAL_MARK.search(word.raw):
        return Number.DUAL
    return Number.PLURAL if _PLURAL_MARK.search(word.raw) else number


def unlisted_number(word: Word) -> Number:
    """The number of a word that stands where the victim stands but is in no table: plural by its ending or shape."""
    key = readings(word.key)[-1].stem if word.key.startswith("ال") else word.key
    if len(key) > 4 and key.endswith(("ون", "ات")):
        return Number.PLURAL
    if len(key) > 4 and key.endswith("ين"):
        return Number.DUAL_OR_PLURAL
    if len(key) > 4 and key.endswith("ان") and key.startswith("م"):
        return Number.DUAL
    return Number.PLURAL if _PLURAL_SHAPE.fullmatch(key) else Number.SINGULAR


@lru_cache(maxsize=16_384)
def _number(form: str) -> Number | None:
    cuts = readings(form.replace("ة", "ه"))
    for cut in cuts:
        number = _listed(cut.stem, cut.definite)
        if number is not None:
            return number
    for cut in cuts:
        number = _unlisted_sound(cut.stem)
        if number is not None and not _ARTICLE.match(cut.stem):
            return Number.PLURAL if cut.definite and number is Number.DUAL_OR_PLURAL else number
    for suffix in _SUFFIXES:
        if form.endswith(suffix):
            number = _possessed(form.removesuffix(suffix))
            if number is not None:
                return number
    return None


def _possessed(form: str) -> Number | None:
    """The number of a noun whose pronoun was cut off: «قتلا(هم)», «شهدائ(نا)», «زوجت(ه)», «حارسي(ه)»."""
    for cut in readings(form):
        stem = cut.stem
        if stem.endswith(("ائ", "او")):
            stem = stem[:-1] + "ء"
        ta = stem[:-1] + "ه" if stem.endswith("ت") else stem
        alif = stem[:-1] + "ي" if stem.endswith("ا") else stem
        for form_of in (stem, ta, alif):
            if form_of in SINGULARS:
                return Number.SINGULAR
            if form_of in PLURALS:
                return Number.PLURAL
            if form_of in COLLECTIVES:
                return Number.COLLECTIVE
        if stem.endswith("تي") and f"{stem[:-2]}ه" in SINGULARS:
            return Number.DUAL
        if stem.endswith("ي") and len(stem) > 3:
            if stem[:-1] in BROKEN:
                return Number.DUAL
            if stem[:-1] in SOUND:
                return Number.PLURAL
    return None


def _listed(stem: str, definite: bool) -> Number | None:
    if stem in COLLECTIVES:
        return Number.COLLECTIVE
    if stem in COLLECTIVE_PLURALS or stem in PLURALS or (stem.endswith("ا") and stem[:-1] in PLURALS):
        return Number.PLURAL
    if stem in SINGULARS or (stem.endswith("ا") and stem[:-1] in SINGULARS):
        return Number.SINGULAR
    if stem.endswith("ه") and stem[0] == "م" and stem[:-1] in SOUND:
        return Number.SINGULAR
    root = stem[:-2]
    if stem.endswith(("تان", "تين")) and (f"{stem[:-3]}ه" in SINGULARS or stem[:-3] in SINGULARS):
        return Number.DUAL
    if stem.endswith("ات") and (f"{root}ه" in SINGULARS or root in SOUND):
        return Number.PLURAL
    if stem.endswith("ان") and root in SINGULARS:
        return Number.DUAL
    if stem.endswith("ون") and root in SINGULARS:
        return Number.PLURAL
    if stem.endswith("ين") and root in BROKEN:
        return Number.DUAL
    if stem.endswith("ين") and root in SOUND:
        return Number.PLURAL if definite else Number.DUAL_OR_PLURAL
    return _construct(stem)


def _unlisted_sound(stem: str) -> Number | None:
    """The number of an unlisted noun of the kinds that take the sound plural: «صوماليين», «متسللون»."""
    root = stem[:-2]
    if len(root) < 4 or root.endswith("ت") or not (root.endswith("ي") or root.startswith(_PARTICIPLES)):
        return None
    return {"ان": Number.DUAL, "ون": Number.PLURAL, "ين": Number.DUAL_OR_PLURAL}.get(stem[-2:])


def _construct(stem: str) -> Number | None:
    """A dual or plural that lost its nun before another noun: «شهيدي الواجب» two, «نازحي المدينة» many."""
    if stem.endswith(("و", "ي")):
        if stem[:-1] in SOUND:
            return Number.PLURAL
        if stem.endswith("ي") and stem[:-1] in BROKEN and len(stem) > 4:
            return Number.DUAL
    return None
