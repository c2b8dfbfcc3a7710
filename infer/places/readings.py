"""What a location span's words may be a name of: the whole, and what is left when common additions go.

Attached particles («وحلب», «بالموصل», «للقدس»), generic nouns («مدينة», «حي», «ريف»), compass words («شمال», «الشرقي»),
adjectives of countries («حمص السورية») and words such as «الدولي» may be parts of a name or not; so each reading has
a cost, and the whole span costs nothing. «العاصمة اليمنية» and «الأراضي السورية» are read as what they stand for.
Whether a reading names a place is left to `gazetteer`, which reading is right to `ranking`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from .countries import Country, adjective_stem, country_adjectives
from .entries import Level
from .names import fold, name_key, without_article

__all__ = ["Reading", "country_of_adjective", "readings", "respelt", "stands_for", "without_particles"]

PARTICLE_COST = 1.2
HEAD_COST = 0.4
COMPASS_COST = 0.8
TAIL_COST = 0.5
LAST_VOWEL_COST = 1.5


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading: a key to look up, what it cost, and what was set aside on the way.

    `particles` is how many attached particles the span begins with, `head` the level its generic noun names;
    `dedicated` says that things of that kind are often named after far places («شارع بغداد», «مستشفى القدس»),
    `compass` that only a part of the place is meant.
    """

    key: str
    words: tuple[str, ...]
    cost: float = 0.0
    particles: int = 0
    head: Level | None = None
    dedicated: bool = False
    compass: bool = False


def _forms(text: str) -> frozenset[str]:
    return frozenset(word for part in text.split() for word in fold(part))


_HEADS: dict[Level, frozenset[str]] = {
    "town": _forms(
        "مدينة مدينتي مدينتا مدن بلدة بلدتي بلدتا بلدات قرية قريتي قريتا قرى قري العاصمة عاصمة مستوطنة مستوطنات "
        "مستعمرة مغتصبة كيبوتس ضيعة مدنية منتجع مدينه مستوطة مزرعة"
    ),
    "region": _forms(
        "محافظة محافظتي محافظات محافظ ولاية ولايتي ولايات إقليم أقاليم ريف ريفي أرياف الريف الريفين منطقة منطقتي "
        "مناطق المنطقة قضاء ناحية نواحي مديرية مديريات مديريتي مقاطعة مقاطعتي دائرة معتمدية عمادة جهة جمهورية "
        "دولة دول إمارة ضواحي محيط حدود الحدود أطراف وادي"
    ),
    "district": _forms(
        "حي حيي أحياء الأحياء ضاحية مخيم مخيمي مخيمات شارع شارعي محور محوري محاور جبهة جبهتي جبهات بلوك البلدة"
    ),
    "site": _forms(
        "مطار مطاري قاعدة قاعدتي معبر منفذ ميناء مرفأ حقل حقلي حقول مستشفى مستشفيي مستشفيات مشفى مسجد جامع كنيسة "
        "مدرسة جامعة كلية سجن سجني معسكر ثكنة موقع موقعي مقر مبنى ساحة ميدان دوار جسر سد محطة فندق سوق مصنع معمل "
        "حاجز طريق أوتوستراد مجمع مقبرة قصر بوابة مركز مطعم ملعب مقام مرقد ضريح متحف برج قلعة"
    ),
    "natural": _forms(
        "نهر جبل جبال تل تلة تلال سهل بحر بحيرة جزيرة صحراء بادية هضبة مرتفعات خليج جرود جرد سلسلة مضيق نبع"
    ),
}
_HEAD_LEVELS: dict[str, Level] = {word: level for level, words in _HEADS.items() for word in words}
_DEDICATED = _forms(
    "شارع شارعي بلوك مستشفى مستشفيي مستشفيات مشفى مسجد جامع كنيسة مدرسة كلية ساحة ميدان دوار جسر فندق سوق مصنع "
    "معمل مجمع مقبرة قصر مطعم ملعب متحف مركز مبنى مقر برج حي حيي أحياء"
)
_COMPASS = _forms("شمال شمالي جنوب جنوبي شرق شرقي غرب غربي وسط أوسط أقصى شمالية جنوبية شرقية غربية وسطى داخل خارج عمق")
_STANDS_FOR_COUNTRY = _forms("الأراضي أراضي الداخل التراب الجغرافيا الحدود حدود الأجواء المياه السواحل الساحل المدن")
_JOINING = _forms("مع في من")
_CAPITAL = _forms("العاصمة عاصمة")
_TAIL = _forms(
    "الدولي الدولية الحدودي الحدودية العسكري العسكرية الجوي الجوية المحتلة المحتل المحاصرة المحاصر الكردية النفطي "
    "النفطية الكبرى البري البرية الإداري الإدارية"
)
_PARTICLES = "وفبلك"
_LAST_VOWELS = "اهي"
_MIN_LEFT = 2
_MIN_RESPELT = 3
_MAX_STEPS = 5


@lru_cache(maxsize=16_384)
def readings(text: str) -> tuple[Reading, ...]:
    """The readings of a span's text, cheapest first, each key once; empty for a text without letters and digits."""
    words = tuple(word.rstrip("0123456789") or word for word in fold(text))
    if not words:
        return ()
    best: dict[str, Reading] = {}
    waiting = [Reading(name_key(words), words)]
    for _ in range(_MAX_STEPS):
        following: list[Reading] = []
        for reading in waiting:
            known = best.get(reading.key)
            if known is None or reading.cost < known.cost:
                best[reading.key] = reading
                following += _shorter(reading)
        waiting = following
    return tuple(sorted(best.values(), key=lambda reading: reading.cost))


def country_of_adjective(word: str) -> str | None:
    """The code of the country a folded word is the adjective of."""
    return country_adjectives().get(adjective_stem(word))


def stands_for(reading: Reading, countries: Mapping[str, Country]) -> str | None:
    """The name a description stands for: the capital for «العاصمة اليمنية», the country for «الأراضي السورية»."""
    words = reading.words
    code = next((found for found in map(country_of_adjective, words[1:]) if found), None)
    if code is None:
        return None
    if words[0] in _CAPITAL:
        return countries[code].capital
    if words[0] in _STANDS_FOR_COUNTRY or without_article(words[0]) in _COMPASS:
        return countries[code].entry.names[0]
    return None


def respelt(reading: Reading) -> Iterator[Reading]:
    """The reading with its last vowel letter written otherwise: «أورفة» and «أورفا»."""
    if len(reading.key) > _MIN_RESPELT and reading.key[-1] in _LAST_VOWELS:
        for vowel in _LAST_VOWELS:
            if vowel != reading.key[-1]:
                yield replace(reading, key=reading.key[:-1] + vowel, cost=reading.cost + LAST_VOWEL_COST)


def without_particles(text: str, reading: Reading) -> str:
    """A span's text without the particles its reading leaves out: «وبالموصل» read as «الموصل» gives «الموصل»."""
    for _ in range(reading.particles):
        # «للقدس» hides the article of «القدس», «للبنان» the first letter of «لبنان».
        shorter = (f"ال{text[2:]}", text[1:]) if text.startswith("لل") else (text[1:],)
        text = next((one for one in shorter if fold(one)[-len(reading.words) :] == reading.words), shorter[0])
    return text


def _shorter(reading: Reading) -> Iterator[Reading]:
    """What is left of a reading when one addition goes."""
    words = reading.words
    first, rest = words[0], words[1:]
    for bare in _particle_free(first):
        if reading.head is None:
            yield _left(reading, (bare, *rest), PARTICLE_COST, particles=reading.particles + 1)
        elif first.startswith("ل"):  # «الريف الشرقي لدير الزور»
            yield _left(reading, (bare, *rest), PARTICLE_COST)
    if not rest:
        return
    level = _HEAD_LEVELS.get(first)
    if level is not None:
        dedicated = reading.dedicated or first in _DEDICATED
        yield replace(_left(reading, rest, HEAD_COST), head=reading.head or level, dedicated=dedicated)
    for place, word in enumerate(words):
        left = (*words[:place], *words[place + 1 :])
        if without_article(word) in _COMPASS:
            yield replace(_left(reading, left, COMPASS_COST), compass=True)
        elif word in _JOINING or (place and (word in _TAIL or country_of_adjective(word))):
            yield _left(reading, left, TAIL_COST)


def _particle_free(word: str) -> Iterator[str]:
    if word.startswith("لل") and len(word) > len("لل") + _MIN_LEFT:
        yield f"ال{word[2:]}"
    if word[0] in _PARTICLES and len(word) > _MIN_LEFT:
        yield word[1:]


def _left(reading: Reading, words: tuple[str, ...], cost: float, *, particles: int | None = None) -> Reading:
    return replace(
        reading,
        key=name_key(words),
        words=words,
        cost=reading.cost + cost,
        particles=reading.particles if particles is None else particles,
    )
