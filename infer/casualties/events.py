"""The triggers of casualties: verbal nouns and verbs of harm, and the number their agreement or object tells.

«قتلوا» and «حتفهم» speak of many, «أصيبا» of two, «مقتله» of one; «قتل» before its subject says nothing.
"""

from enum import Enum
from functools import lru_cache

from .words import Word, readings, table

__all__ = ["ADJECTIVES", "EVENTS", "VERBS", "Number", "agreement", "is_trigger"]


class Number(Enum):
    """Grammatical number, and what Arabic writing leaves open of it."""

    SINGULAR = "singular"
    DUAL = "dual"
    PLURAL = "plural"
    DUAL_OR_PLURAL = "dual-or-plural"
    COLLECTIVE = "collective"


EVENTS = table("""
    مقتل قتل استشهاد اغتيال اعدام وفاه موت مصرع ذبح قنص تصفيه اصابه جرح طعن دهس فقدان اسر خطف اختطاف اعتقال
    احتجاز توقيف ايقاف ضبط حبس سجن قبض القبض القضاء الاجهاز نزوح تهجير تشريد فرار هرب هروب لجوء اجلاء تحييد حتف
    حياه ارتقاء سقوط وقوع ابقاء رحيل اختفاء ابعاد استهداف اباده نحب علي
""")
"""Verbal nouns of harm, and the nouns idioms of death put in their place."""

_PERFECT = table("""
    قتل جرح اصيب اصاب استشهد ارتقي ارتق قضي قض لقي لاقي توفي توف مات اعدم اغتيل اغتال ذبح قنص فقد خطف اختطف اسر
    اعتقل احتجز اوقف ضبط حبس سجن نزح فر هرب هجر تهجر شرد تشرد لجا سقط دهس طعن صفي اختفي ابيد اجبر تعرض كان وقع راح
    ذهب
""")
_IMPERFECT = table("""
    قتل جرح صاب صيب ستشهد رتقي قضي لقي توفي موت عدم غتال ذبح قنص فقد خطف ختطف اسر عتقل حتجز وقف ضبط حبس سجن نزح فر
    هرب هجر شرد لجا سقط طعن
""")


def _verbs() -> frozenset[str]:
    forms = {stem + ending for stem in _PERFECT for ending in ("", "ت", "وا", "ا", "تا", "و")}
    forms |= {person + stem for stem in _IMPERFECT for person in ("ي", "ت", "ن")}
    forms |= {
        person + stem + end for stem in _IMPERFECT for person in ("ي", "ت") for end in ("ون", "وا", "ان", "ا", "و")
    }
    return frozenset(forms)


VERBS = _verbs()
"""Verbs of harm in the persons news uses."""

_DUAL_VERBS = frozenset(stem + ending for stem in _PERFECT for ending in ("ا", "تا")) - {"كانا", "كانتا"}

ADJECTIVES = table("""
    جماعي جماعيه قسري قسريه تعسفي تعسفيه غامض غامضه سياسي سياسيه خطير خطيره طفيف طفيفه متوسطه بالغ بالغه قاتله
    مباشره مباشر محقق محققه جديد جديده احتياطي احتياطيه رابع رابعه اول اولي واسع واسعه عشوائي ذبحا حرقا قصاصا
    خنقا شنقا رميا محتمل محتمله مؤكد كامل كبير كبيره متواصل اداري عمد خارج حتما ميدانيا داخلي داخليه
""")
"""What is said of the event, not of the victim."""

_PRONOUNS = (
    ("هما", Number.DUAL),
    ("هم", Number.PLURAL),
    ("كم", Number.PLURAL),
    ("ها", Number.SINGULAR),
    ("ه", Number.SINGULAR),
)
_NOT_PRONOUNS = table("متهم مهم اتهم درهم فهم دهم داهم ساهم تراكم حكم محكم حاكم محاكم")


def is_trigger(word: Word) -> bool:
    """Whether a word is a verb or verbal noun of harm, with any particles."""
    return any(cut.stem in EVENTS or cut.stem in VERBS for cut in readings(word.key))


@lru_cache(maxsize=16_384)
def agreement(form: str) -> Number | None:
    """The number of people a verb's ending or an attached pronoun tells of, None if it tells nothing.

    `form` is `Word.form`: a ta marbuta is no pronoun.
    """
    stems = [cut.stem for cut in readings(form)]
    if any(stem in _NOT_PRONOUNS or stem in ADJECTIVES for stem in stems):
        return None
    for suffix, number in _PRONOUNS:
        if form.endswith(suffix):
            generic = len(suffix) > 1 and suffix != "ها" and len(form) >= len(suffix) + 2
            if generic or any(_is_harm(stem.removesuffix(suffix)) for stem in stems if stem != suffix):
                return number
    if any(stem in _DUAL_VERBS for stem in stems):
        return Number.DUAL
    plural = form.endswith("وا") or (form.endswith("ون") and any(stem in VERBS for stem in stems))
    return Number.PLURAL if plural and len(form) >= 4 else None


def _is_harm(stem: str) -> bool:
    return stem in EVENTS or stem in VERBS or (stem.endswith("ت") and f"{stem[:-1]}ه" in EVENTS)
