"""The bounds of one casualty span, from its own words; only a negation may stand before it.

The evidence is taken in this order: a negation, a number with its modifier, a vague quantity, the number of the counted
noun, the number a verb or pronoun agrees in. What is said of other spans of the article is left to `counting`.

Rules, the fixed set of names:
exact, at-least, more-than, less-than, up-to, about, range: a number, and the phrase around it;
sum: persons named one by one («رجل وزوجته»); vague: a vague quantity by the conventions;
singular, dual, plural: the counted noun or the agreement; dual-or-plural: an ending that leaves both open, two or more;
collective: a body of people («عائلة»); mixed: a number that counts killed and injured together, or a word under it;
negated: no harm; unstated: a trigger without a number; unread: figures no grammar covers. The last two are unknown.
"""

from collections.abc import Sequence
from itertools import pairwise

from ..facts import Bounds
from .events import ADJECTIVES, EVENTS, VERBS, Number, agreement, is_trigger
from .lexicon import EVENT_PLURALS, NOT_PEOPLE, PLURALS, SINGULARS
from .modifiers import vague_bounds
from .negation import is_negated
from .nouns import noun_number, unlisted_number
from .quantities import Quantity, read_quantity
from .words import Word, read_words, readings, render, table

__all__ = ["RULES", "read_bounds"]

RULES = (
    "exact",
    "at-least",
    "more-than",
    "less-than",
    "up-to",
    "about",
    "range",
    "sum",
    "vague",
    "singular",
    "dual",
    "plural",
    "dual-or-plural",
    "collective",
    "mixed",
    "negated",
    "unstated",
    "unread",
)
"""Every name `read_bounds` gives."""

_UNKNOWN = Bounds(None, None)
_BOUNDS = {
    Number.SINGULAR: Bounds(1, 1),
    Number.DUAL: Bounds(2, 2),
    Number.PLURAL: Bounds(3, None),
    Number.DUAL_OR_PLURAL: Bounds(2, None),
    Number.COLLECTIVE: _UNKNOWN,
}
_MENDABLE = EVENTS | VERBS | SINGULARS | PLURALS
_INCLUSION = table("بينهم بينهما بينها بينهن منهم منهما منها ضمنهم")
_TAKES_ALA = table("قبض القبض القضاء الاجهاز قضي قضت")
_NO_VICTIM = table("نزوح تهجير لجوء فرار هرب علي حياه حتف")
_NUMBERS = frozenset({"exact", "at-least", "more-than", "less-than", "up-to", "about", "range"})
_ALL = table("كل جميع كافه")
_ONE_OF_A_KIND = table("قتيل جريح شهيد مصاب قتيلا جريحا شهيدا مصابا")


def read_bounds(span_text: str, *, before: str = "", after: str = "") -> tuple[Bounds, str]:
    """How many people a casualty span says were harmed, and the name of the rule that says so.

    `before` and `after` are the text around it in its clause: they can only negate the harm or show that a
    number is shared with the next span. A span whose figures cannot be read is unknown by the rule `unread`.
    """
    words = read_words(span_text, _MENDABLE)
    clause = read_words(before)
    if is_negated(words, clause):
        return Bounds(0, 0), "negated"
    bounds, rule = _stated(_without_parts(words), clause)
    if _is_shared(words, clause, read_words(after), rule):
        return (bounds if rule in _NUMBERS else _UNKNOWN), "mixed"
    return bounds, rule


def _without_parts(words: list[Word]) -> list[Word]:
    """What stands before «بينهم …», with the verb that may come after it («13 شخصا بينهم جنود قتلوا»)."""
    for at, word in enumerate(words):
        if at and any(cut.stem in _INCLUSION for cut in readings(word.key) if not cut.preposition):
            head = words[:at]
            if read_quantity(head, ()) is None and vague_bounds(render(head)) is None and not _first_noun(head)[1]:
                return head + words[at + 1 :]
            return head[:-1] if head[-1].key in ("من", "ومن") and at > 1 else head
    return words


def _stated(words: Sequence[Word], clause: Sequence[Word]) -> tuple[Bounds, str]:
    quantity = read_quantity(words, clause)
    if quantity is not None and _begins_another(words, quantity.start):
        # «قتيل وأربعة جرحى» in one span: the first count is the span's, the second stands beside it.
        bounds, rule = _counted_noun(words[: quantity.start], render(words[: quantity.start]))
        if bounds.low is None or quantity.rule != "exact" or words[quantity.end : quantity.end + 1] == []:
            return bounds, rule
        return _with_companions(bounds, rule, quantity, words[quantity.end])
    if quantity is not None:
        extra = _one_by_one(words, quantity.end + 1) if _may_add(words, quantity.end, quantity.bounds) else 0
        if extra and quantity.bounds.low is not None and quantity.rule == "exact":
            total = quantity.bounds.low + extra
            return Bounds(total, total), "sum"
        return quantity.bounds, quantity.rule
    said = render(words)
    vague = vague_bounds(said)
    if vague is not None:
        return vague, "vague"
    return _counted_noun(words, said)


def _begins_another(words: Sequence[Word], start: int) -> bool:
    """Whether a number is joined with و to one or two persons named before it."""
    number = (
        _first_noun(words[:start])[1]
        if start and words[start].key[0] == "و" and not words[start].key.startswith("واحد")
        else None
    )
    return number in (Number.SINGULAR, Number.DUAL)


def _with_companions(bounds: Bounds, rule: str, quantity: Quantity, after: Word) -> tuple[Bounds, str]:
    """«مدير واثنين من مرافقيه» are three: people counted out of the first one's own are added to him."""
    if after.key != "من" or bounds.low is None or quantity.bounds.low is None:
        return bounds, rule
    total = bounds.low + quantity.bounds.low
    return Bounds(total, total), "sum"


def _may_add(words: Sequence[Word], end: int, bounds: Bounds) -> bool:
    """Three to ten take a plural, so a singular joined to it is one more; «12 شابا وفتاة» are twelve in all."""
    return end < len(words) and noun_number(words[end]) is Number.PLURAL and bounds.low == bounds.high


def _counted_noun(words: Sequence[Word], said: str) -> tuple[Bounds, str]:
    at, number = _first_noun(words)
    agreed = _agreement(words)
    if agreed is Number.DUAL and any(cut.stem in EVENT_PLURALS for cut in readings(words[at].key)):
        number = agreed
    if number is None:
        if any(cut.stem in _ALL for word in words for cut in readings(word.key)) and agreed is None:
            return _UNKNOWN, "unstated"
        return (_UNKNOWN, "unstated") if agreed is None else (_BOUNDS[agreed], agreed.value)
    if number is Number.DUAL_OR_PLURAL and agreed in (Number.DUAL, Number.PLURAL):
        number = agreed
    if number in (Number.SINGULAR, Number.DUAL):
        one = 1 if number is Number.SINGULAR else 2
        extra = _one_by_one(words, at + 1)
        if " اكثر من " in said and number is Number.SINGULAR:
            return Bounds(2, None), "more-than"
        if " علي الاقل " in said:
            return Bounds(one + extra, None), "at-least"
        if extra:
            return Bounds(one + extra, one + extra), "sum"
    return _BOUNDS[number], number.value


def _first_noun(words: Sequence[Word]) -> tuple[int, Number | None]:
    """The noun that tells who was harmed: the first listed one, else what stands where a victim stands."""
    for at, word in enumerate(words):
        number = noun_number(word)
        if number is not None:
            return at, number
    for at in range(1, len(words)):
        if _is_victim_place(words, at):
            return at, unlisted_number(words[at])
    return 0, None


def _is_victim_place(words: Sequence[Word], at: int) -> bool:
    """Whether a word follows a trigger as its object or subject, and may be a person no table has."""
    trigger = words[at - 1]
    if trigger.key == "علي":
        governs = at > 1 and any(cut.stem in _TAKES_ALA for cut in readings(words[at - 2].key))
    else:
        governs = _governs_victim(trigger)
    return governs and _may_be_person(words[at])


def _governs_victim(word: Word) -> bool:
    # A verbal noun with the article has no victim after it: «الوفاة الغامضة».
    cuts = readings(word.key)
    barred = any(cut.stem in _NO_VICTIM or (cut.definite and cut.stem in EVENTS) for cut in cuts)
    return is_trigger(word) and not barred


def _may_be_person(word: Word) -> bool:
    stems = {cut.stem for cut in readings(word.key)}
    if not word.form.isalpha() or len(word.form) < 3 or stems & NOT_PEOPLE or stems & ADJECTIVES or is_trigger(word):
        return False
    return word.key[0] not in "بلو" and agreement(word.form) is None


def _one_by_one(words: Sequence[Word], start: int) -> int:
    """How many more persons are joined with و to the first, one by one."""
    more = 0
    for word in words[start:]:
        if word.key in NOT_PEOPLE or is_trigger(word):
            break
        if word.key[0] == "و" and any(cut.conjoined and len(cut.stem) > 1 for cut in readings(word.key)):
            number = noun_number(word)
            if number is Number.SINGULAR and noun_number(words[start - 1]) is not None:
                more += 1
            elif number is Number.DUAL:
                more += 2
    return more


def _agreement(words: Sequence[Word]) -> Number | None:
    for word in words:
        number = agreement(word.form)
        if number is not None:
            return number
    return None


def _is_shared(words: Sequence[Word], before: Sequence[Word], after: Sequence[Word], rule: str) -> bool:
    """Whether one number stands for killed and injured: «9 أشخاص بين قتيل وجريح», «12 قتيلا وجريحا»."""
    said = [word.key for word in words]
    if any(one == "بين" and other in _ONE_OF_A_KIND for one, other in pairwise(said)):
        return True
    if rule not in ("singular", "unstated") or len(words) != 1:
        return rule in _NUMBERS and bool(after) and after[0].key in ("وجريحا", "ومصابا") and said[-1].endswith("ا")
    if not any(cut.stem in _ONE_OF_A_KIND for cut in readings(said[0])):
        return False
    joined = [word.key for word in before[-3:]]
    if said[0][0] != "و":
        return joined[-1:] == ["بين"]
    return "بين" in joined or (said[0].endswith("ا") and isinstance(read_quantity(before[-2:], ()), Quantity))
