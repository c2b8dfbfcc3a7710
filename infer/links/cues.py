"""The words that say which way a link leads: forms of stance cues, complementisers, agents of harm.

Words are compared folded: without diacritics and tatweel, the forms of alef, ya and ta marbuta as one, and without
the conjunction they begin with. Where words stand and what they join is left to `clauses` and `rules`.
"""

from enum import Enum
from functools import lru_cache

import regex

from ..articles import Span
from ..normalise import LETTER_FOLDS
from . import cue_words

__all__ = [
    "CueForm",
    "bare",
    "cue_form",
    "first_word",
    "fold",
    "gender",
    "is_agent_word",
    "is_complementiser",
    "is_conjunction",
    "is_harm_verb",
    "is_result_word",
    "owns_loss",
    "quotes_another",
]


class CueForm(Enum):
    """How a stance cue takes its holder."""

    PAST = "past"
    """A verb that its subject follows: «قال X», «اتهمت X»."""
    PRESENT = "present"
    """A verb its subject precedes in headlines and follows elsewhere: «X يؤكد», «يقول X»."""
    ATTRIBUTION = "attribution"
    """A preposition of sources: «بحسب X», «نقلا عن X»."""
    PARTICIPLE = "participle"
    """A clause that goes on with the speaker before it: «مشيرا», «مؤكدة»."""
    PASSIVE = "passive"
    """A noun's attribute whose doer follows: «مدعومة من X»."""
    ATTRIBUTE = "attribute"
    """A noun's attribute that holds the position itself: «المؤيدة لـX», «الغاضبين»."""
    OWNED = "owned"
    """A noun or verb with a pronoun that points back: «دعمه», «رفضها»."""
    NEGATED = "negated"
    """A negated predicate: «لم ننفذ», «لا صحة»."""
    PREDICATE = "predicate"
    """What a statement is called: «كاذبة»."""
    NOUN = "noun"
    """A verbal noun: «اتهامات X», «دعم X»."""
    BOUND_NOUN = "bound-noun"
    """A verbal noun after a particle: «بدعم», «لدعم»."""
    ADVERB = "adverb"
    """A verbal noun that says why the act before it was done: «دعما لـX», «رفضا»."""


_MARKS = regex.compile(r"[\p{M}\p{Cf}\u0640]")
_FOLDS = str.maketrans(LETTER_FOLDS | {"ة": "ه", "ؤ": "و", "ئ": "ي"})
_QUOTES = "\"'“”«»()-"
_PAST_ENDINGS = ("", "ت", "وا", "ا", "تا", "ه", "ته", "ها", "تها", "وه", "نا", "وها", "هم", "تهم", "هما")
_PRONOUNS = ("هما", "هم", "ها", "نا", "ه")
_NOT_PRONOUNS = ("اده", "امه", "انه")
_NOT_PARTICLES = ("لقاء", "بيان", "براء")
_PARTICIPLE_ENDINGS = ("ه", "ين", "ون")
_CONCESSIONS = ("اعترف", "يعترف", "تعترف", "اقر", "يقر", "تقر", "نعي", "نعت", "زف")
_BY_WORD = (
    (cue_words.ATTRIBUTIONS, CueForm.ATTRIBUTION),
    (cue_words.NEGATIONS, CueForm.NEGATED),
    (cue_words.PREDICATES, CueForm.PREDICATE),
    (cue_words.PASSIVES, CueForm.PASSIVE),
    (cue_words.ADVERBS, CueForm.ADVERB),
    (cue_words.NOUNS, CueForm.NOUN),
    (cue_words.OWNED, CueForm.OWNED),
    (cue_words.PARTICIPLES, CueForm.PARTICIPLE),
)
_AGENT = regex.compile(
    r"(?:[وفبل]|ال|لل)*(?:قصف|غار(?:ه|ات)|رصاص|نيران|نار|ايدي|يد|هجوم|هجمات|هجومات|ضرب(?:ه|ات)|عدوان|اعتداء(?:ات)?|اقتحام"
    r"|صواريخ|صاروخ|قذايف|قذيفه|مدفعيه|استهداف|كمين|عملي(?:ه|ات)|عبوه|اشتباكات|مواجهات|تفجير|انفجار|مجزره|مجازر|حرب|نفذ\w*"
    r"|شن\w*|ارتكب\w*|اطلاق|طعن|قنابل|قنبله|براميل|الغام|لغم|حصار|جرايم|جريمه|حمله)"
)
_RESULT = regex.compile(
    r"(?:و|ف|مما|ما)?(?:ادي|ادت|[اي]سفر|اسفرت|تسفر|اوقع|اوقعت|خلف|خلفت|مسفرا|مخلفا|مخلفه|موديا|تسبب|تسببت|اودي|اودت|راح|نتج"
    r"|موقعا|حصد)"
)


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """The text without marks and with one form of each letter that is written in several."""
    unmarked: str = _MARKS.sub("", text)
    return unmarked.translate(_FOLDS)


def bare(word: str) -> str:
    """A folded word without the conjunction it begins with, where enough is left of it."""
    return word[1:] if len(word) > 3 and word[0] in "وف" and word not in cue_words.NOT_CONJOINED else word


def first_word(span: Span) -> str:
    """The first word of a span, folded and bare; empty if nothing of it is left."""
    return bare(next(iter(fold(span.text).split()), "").strip(_QUOTES))


def cue_form(cue: Span) -> CueForm:
    """The form of a stance cue, by its first word."""
    word = first_word(cue)
    known = next((form for words, form in _BY_WORD if word in words), None)
    if known is not None:
        return known
    if _is_past(word):
        return CueForm.PAST
    if word.startswith(("ي", "ت", "ن")) and word not in cue_words.NOT_PRESENT and not word.endswith("ات"):
        return CueForm.PRESENT
    if _is_participle(word):
        return CueForm.PARTICIPLE
    if word.startswith(("الم", "الد")) and word.endswith(_PARTICIPLE_ENDINGS):
        return CueForm.ATTRIBUTE
    if len(word) > 4 and word.endswith(_PRONOUNS) and not word.endswith(_NOT_PRONOUNS) and not cue.text.endswith("ة"):
        return CueForm.OWNED
    if len(word) > 3 and word.startswith(("ب", "ل")) and not word.startswith(_NOT_PARTICLES):
        return CueForm.BOUND_NOUN
    return CueForm.NOUN


def gender(cue: Span, form: CueForm) -> str:
    """What the cue agrees with, f(eminine), m(asculine) or p(lural); empty for a form that agrees with nothing."""
    word = first_word(cue)
    if form is CueForm.PAST:
        return "p" if word.endswith("وا") else "f" if word.endswith("ت") else "m"
    if form is CueForm.PRESENT:
        return "p" if word.endswith("ون") else "f" if word.startswith("ت") else "m"
    if form is CueForm.PARTICIPLE:
        return "p" if word.endswith(("ين", "ون")) else "f" if word.endswith("ه") else "m"
    return ""


def quotes_another(cue: Span) -> bool:
    """Whether the cue passes on what another said: «نقلت X عن Y»."""
    return first_word(cue) in cue_words.QUOTING


def owns_loss(cue: Span) -> bool:
    """Whether a cue of admission concedes a loss rather than claims an act: «اعترف», «أقر»."""
    return first_word(cue).startswith(_CONCESSIONS)


def is_harm_verb(word: str) -> bool:
    """Whether a folded word is a verb whose subject does the harm: «قتلت», «اعتقلت» (or, written alike, suffers it)."""
    return word in cue_words.HARM_VERBS


def is_result_word(word: str) -> bool:
    """Whether a folded word ties an act to the harm it led to: «أسفر», «أدى»."""
    return _RESULT.fullmatch(word) is not None


def is_agent_word(word: str) -> bool:
    """Whether a folded word names the act or weapon whose owner did the harm: «بقصف», «غارات», «برصاص»."""
    return _AGENT.fullmatch(word) is not None


def is_complementiser(word: str) -> bool:
    """Whether a folded word opens what somebody says: «إن», «بأنه»."""
    return word in cue_words.COMPLEMENTISERS


def is_conjunction(word: str) -> bool:
    """Whether a folded word opens a clause with a subject of its own: «فيما», «بينما»."""
    return word in cue_words.CONJUNCTIONS or bare(word) in cue_words.CONJUNCTIONS


def _is_participle(word: str) -> bool:
    if not word.startswith("م") or word in cue_words.NOT_PARTICIPLES:
        return False
    return (len(word) > 3 and word.endswith("ا")) or (len(word) > 4 and word.endswith(_PARTICIPLE_ENDINGS))


def _is_past(word: str) -> bool:
    stems = (word.removesuffix(ending) for ending in _PAST_ENDINGS if word.endswith(ending))
    if any(stem in cue_words.PAST_STEMS for stem in stems):
        return True
    return word.endswith("ت") and word[:-1] + "ي" in cue_words.PAST_STEMS  # «نفت» of «نفى»
