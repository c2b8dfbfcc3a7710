"""Harm that is told not to have happened: «لم يسقط قتلى», «دون وقوع إصابات», «لا إصابات».

The negation may stand in the span or before it in the same clause; one that denies something else
(«لا يزال», «ما لا يقل عن», «لم نقتل الشرطيين») is none of ours.
"""

from collections.abc import Sequence

import regex

from .words import Word, render

__all__ = ["is_negated"]

_LINK = (
    r"(?:ان|اي|ايه|وقوع|سقوط|تسجيل|حدوث|وجود|ورود|انباء|تقارير|معلومات|عن|الي|في|بين|بوقوع|بسقوط|الاعلان|الابلاغ|اعلان"
    r"|يودي|تودي|يسقط|تسقط|يقع|تقع|يسجل|تسجل|يسفر|تسفر|يوقع|توقع|يخلف|تخلف|قتلي|جرحي|ضحايا|اصابات|خسائر|بشريه|ماديه|اضرار|او|و)"
)
_HAPPENS = (
    r"(?:[يت](?:سقط|قع|سجل|سفر|ود|ودي|رد|بلغ|كن هناك|كن ثمه|وقع|خلف|تسبب|نجم|حدث|وجد|صب|صاب|نتج|قتل|جرح|حصل|تعرض)|هناك)"
)
_FREE = r"(?:دون|من غير|بدون|بلا|عدم|وعدم|ودون|انعدام|لا|ولا)"
_NOT = r"(?:و|ف)?(?:لم|لن|لا|ليس|ليست)"
_BREAK = r"(?!(?:بل|لكن|سوي|الا|انما|غير|مما|ما|حيث|بعد|قبل|الذي|التي|بسبب|رغم|تاكيد|[.;؛!؟،?]) )"
_BEFORE = regex.compile(rf" (?:{_FREE}(?: {_LINK}){{0,7}}|{_NOT} (?:ي?ت?تم )?{_HAPPENS}(?: {_BREAK}\S+){{0,6}}) $")
_WITHIN = regex.compile(
    rf"^ (?:(?:من|و|انه|انها) )?(?:{_FREE} (?!(?:[يت]?(?:قل|زال|زالوا|زيد|تجاوز)|قصد|عمد|تمييز|سبب|انذار) )"
    rf"|{_NOT} {_HAPPENS} |(?:و|ف)?(?:لم|لن) [يت]\S* )"
)
_PIECES = regex.compile(r"^ (?:و|ف)?لم ي (?:قتل|صب|جرح) ")
_UNKNOWN = regex.compile(r" (?:لم|لن) (?:[يت]\S?(?:عرف|حدد|تضح|علن|كشف)|ي ) ?")
_AT_LEAST = regex.compile(r" (?:ما )?لا [يت](?:قل|زيد|تجاوز|زال|تعدي)\S* ")
_ANY = regex.compile(r" (?:و|ب|ل)?(?:اي|ايه) ")
_DENIAL = regex.compile(r" (?:و|ف)?(?:[ينت]?نفي|نفت|نفوا|نافيا|نافيه|نفيا|ينفون|[يت]?نكر|لم|لا|دون|عدم|ليس) ")


def is_negated(words: Sequence[Word], before: Sequence[Word]) -> bool:
    """Whether a span's harm is negated, by its own words or by those of the clause before it."""
    said, clause = render(words), render(before)
    own = _AT_LEAST.sub(" ", said)
    if _WITHIN.search(own) and not _UNKNOWN.match(own):
        return True
    if _PIECES.match(own):
        return True
    if _ANY.search(said) and _DENIAL.search(clause):
        return True
    if _BEFORE.search(clause):
        return True
    # «لم» directly before a verb that begins the span.
    return bool(words) and clause.endswith((" لم ", " ولم ")) and words[0].key[:1] in ("ي", "ت")
