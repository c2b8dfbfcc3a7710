"""The phrases that turn a number into bounds: at least, more than, about, between; and the vague quantities.

Patterns run over folded words with single spaces in which each number stands as `<0>`, `<1>`, … in order.
"""

import regex

from ..facts import Bounds

__all__ = ["vague_bounds", "with_modifier", "with_range"]

_START = r" (?:و|ف)?(?:ب|ل)?"
_NEAR = r" (?:(?:ال|الي|عن|من|علي|ب|-|:|عدد|عددهم) ){0,2}<0> "
_LEAST_AFTER = r"(?: \S+){0,4} (?:علي|في) (?:الاقل|اقل تقدير) | <0>(?: \S+){0,4} (?:ك|ب)حد ادني "
_MOST_AFTER = r"(?: \S+){0,4} علي (?:الاكثر|ابعد تقدير) | <0>(?: \S+){0,4} (?:ك|ب)حد اقصي "
_MORE = (
    r"(?:(?:ال)?(?:اكثر|ازيد|اعلي) من|(?:ما )?[يت]?زيد(?:ون)? (?:عن|علي)|(?:زاد(?:ت|وا)?|زياده) (?:عن|علي)"
    r"|[يتم]?تجاوز(?:ت|ا|ه|وا|ون)?(?: عتبه| حاجز)?|[يت]?(?:فوق|تخطي|خطت)(?: عتبه)?|فاقت?|فوق|عتبه"
    r"|(?:ما )?[يت](?:ربو|نيف) (?:عن|علي))"
)
_ABOUT = (
    r"(?:نحو|حوالي|قرابه|زهاء|(?:ما )?[يت]قارب|(?:ما )?[يت]قرب(?: من)?|(?:ما )?[يت]ناهز|(?:في |ب)?حدود|قريبا من|تقريبا)"
)
_NO_LESS = r"(?:(?:[بم]?ما )?لا [يت]قل(?:ون)? (?:عددهم )?عن|ما ليس اقل من)"
_NO_MORE = r"(?:(?:ما )?(?:لا|لم) [يت](?:زيد (?:عن|علي)|تجاوز|تعدي|تخطي|زيدون (?:عن|علي)))"
_RULES = tuple(
    (rule, regex.compile(pattern))
    for rule, pattern in (
        ("at-least", f"{_START}{_NO_LESS}{_NEAR}"),
        ("up-to", f"{_START}{_NO_MORE}{_NEAR}"),
        ("more-than", f"{_START}{_MORE}{_NEAR}"),
        ("less-than", f"{_START}(?:اقل من|دون|ادني من){_NEAR}"),
        ("at-least", f" <0>{_LEAST_AFTER}| (?:علي (?:الاقل|اقل تقدير)|[كب]حد ادني)(?: \\S+)?{_NEAR}"),
        ("up-to", f" <0>{_MOST_AFTER}| (?:علي الاكثر|بحد اقصي|كحد اقصي){_NEAR}"),
        ("up-to", f"{_START}(?:قد )?(?:ما )?[يت]صل(?: \\S+){{0,3}} الي (?:نحو |حوالي )?<0> |{_START}حتي <0> "),
        ("more-than", " <0> ونيف | <0> ويزيد | <0> واكثر "),
        ("about", f"{_START}{_ABOUT}{_NEAR}| <0>(?: \\S+){{0,2}} تقريبا "),
    )
)
_RANGES = tuple(
    regex.compile(pattern)
    for pattern in (
        r" (?:و|ب)?(?:ما )?بين (?:ال )?<0>(?: \S+)? (?:و|الي|او|حتي|-) ?(?:ال )?<1> ",
        r" <0>(?: \S+)? (?:-|–|—|او|الي|حتي) <1> ",
    )
)
_RISE = regex.compile(
    r" (?:و|ف|ب|ل|ال)*(?:[يت]?رتفع\S*|ارتف\S+|رفع\S*|زاد\S*|زياده|قفز\S*|انخف\S*|تراجع\S*|وصل\S*|تغير\S*|عدل\S*) "
)
_FROM_TO = regex.compile(r" من <0>(?: \S+)? الي (?:نحو |حوالي |اكثر من )?<1> ")

_FEW = r"(?:بضع|بضعه)"
_SOME = r"(?:عده|عدد|عديد|مزيد|بعض|كثير|مجموعه|اعداد|معظم|غالبيه|اغلبيه|غالب|اغلب|جمع|حشد)"
_PARTICLES = r"(?:و|ف)?(?:ب|لل?)?(?:ال)?"
_TENS, _HUNDREDS, _THOUSANDS, _MILLIONS = r"عشرات", r"(?:مئات|مائات|ميات)", r"(?:الاف|الوف)", r"ملايين"


def _vague(pattern: str) -> "regex.Pattern[str]":
    return regex.compile(f" {_PARTICLES}{pattern} ")


_VAGUE = (
    (_vague(f"{_TENS} (?:ال)?{_THOUSANDS}"), 20_000, None),
    (_vague(f"{_HUNDREDS} (?:ال)?{_THOUSANDS}"), 200_000, None),
    (_vague(f"(?:{_FEW}|عده) (?:ال)?{_TENS}"), 30, None),
    (_vague(f"(?:{_FEW}|عده) (?:ال)?{_HUNDREDS}"), 300, None),
    (_vague(f"(?:{_FEW}|عده) (?:ال)?{_THOUSANDS}"), 3_000, None),
    (_vague(f"{_FEW} عشر(?:ه)?"), 13, 19),
    (_vague(_MILLIONS), 2_000_000, None),
    (_vague(_THOUSANDS), 2_000, None),
    (_vague(_HUNDREDS), 200, None),
    (_vague(_TENS), 20, None),
    (_vague(_FEW), 3, 9),
    (_vague(_SOME + "(?:ا|ون|ين|ه)?"), 3, None),
)


def vague_bounds(said: str) -> Bounds | None:
    """The bounds the conventions give a vague quantity («عشرات» 20 or more, «بضعة» 3 to 9), None if there is none."""
    for pattern, low, high in _VAGUE:
        if pattern.search(said):
            return Bounds(low, high)
    return None


def with_modifier(said: str, number: int) -> tuple[Bounds, str]:
    """The bounds of the number that stands in `said` as `<0>`, and the rule that gave them."""
    for rule, pattern in _RULES:
        if pattern.search(said):
            return _bounds(rule, number), rule
    return Bounds(number, number), "exact"


def with_range(said: str, first: int, second: int, before: str) -> tuple[Bounds, str] | None:
    """The bounds of two numbers that stand as `<0>` and `<1>`, None if they are no range and no rise.

    «ارتفع من 20 إلى 32» is 32; without a word of change, in the span or `before` it, «من 20 إلى 32» is a range.
    """
    if _FROM_TO.search(said) and (_RISE.search(said) or _RISE.search(before)):
        return Bounds(second, second), "exact"
    if first < second and any(pattern.search(said) for pattern in (*_RANGES, _FROM_TO)):
        return Bounds(first, second), "range"
    return None


def _bounds(rule: str, number: int) -> Bounds:
    if rule == "at-least":
        return Bounds(number, None)
    if rule == "more-than":
        return Bounds(number + 1, None)
    if rule == "less-than":
        return Bounds(None, max(number - 1, 0))
    if rule == "up-to":
        return Bounds(None, number)
    return Bounds(number, number)
