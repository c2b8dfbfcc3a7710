"""What kind of event an incident is: a table of cue words, looked for near the harm it tells.

`docs/claims.md` shows the table. Which claims make an incident is left to `incidents`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ..facts import Claim
from .accounts import Account
from .graph import SpanGraph
from .words import bare_forms, fold

__all__ = ["EVENT_TYPES", "EventType", "read_event"]


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of event and the words that tell of it, as a reader would write them; a cue may be two words.

    A cue of this type says less than one of the types it `yields_to` in the same sentence: «قصف» beside «طائرات».
    """

    name: str
    cues: tuple[str, ...]
    yields_to: tuple[str, ...] = ()


def _cues(*lines: str) -> tuple[str, ...]:
    return tuple(cue.strip() for line in lines for cue in line.split("،"))


_NAMED = (
    EventType(
        "chemical attack",
        _cues("كيميائي، كيماوي، كيميائية، كيماوية، غازات سامة، غاز السارين، غاز الكلور، السارين"),
    ),
    EventType(
        "air strike",
        _cues(
            "غارة، غارات، غارتين، غارتان، ضربة جوية، ضربات جوية، قصف جوي، هجوم جوي، جوي، جوية، طيران، طائرة، طائرات",
            "مقاتلات، مروحية، مروحيات، برميل متفجر، براميل متفجرة",
        ),
    ),
    EventType(
        "explosion",
        _cues(
            "انفجار، انفجارات، انفجارين، انفجر، انفجرت، تفجير، تفجيرات، تفجيرين، فجر نفسه، انتحاري، انتحارية",
            "مفخخة، مفخختين، عبوة، عبوات، عبوتين، لغم، ألغام، حزام ناسف",
        ),
    ),
    EventType(
        "shelling",
        _cues(
            "قصف، قصفا، قصفت، قصفوا، مدفعي، مدفعية، قذيفة، قذائف، قذيفتين، هاون، صاروخ، صواريخ، صاروخي، صاروخية",
            "راجمة، راجمات، دبابة، دبابات",
        ),
        yields_to=("air strike",),
    ),
    EventType(
        "shooting",
        _cues(
            "إطلاق نار، إطلاق النار، أطلق النار، أطلقوا النار، أطلقت النار، رصاص، رصاصة، رصاصات، أعيرة نارية",
            "قناص، قناصة، قنص، اغتيال، اغتال، اغتالت",
        ),
    ),
    EventType("execution", _cues("إعدام، إعدامات، أعدم، أعدمت، أعدموا، ذبح، ذبحا")),
    EventType("stabbing", _cues("طعن، طعنا، طعنة، سكين")),
    EventType("ramming", _cues("دهس، دهسا")),
    EventType(
        "abduction",
        _cues("خطف، خطفت، خطفوا، اختطاف، اختطف، اختطفت، اختطفوا، مخطوف، مخطوفين، رهائن، أسرى، أسرت"),
    ),
    EventType(
        "arrest",
        _cues("اعتقال، اعتقالات، اعتقل، اعتقلت، اعتقلوا، معتقل، معتقلين، توقيف، احتجاز، مداهمة، مداهمات"),
    ),
    EventType("clash", _cues("اشتباك، اشتباكات، معركة، معارك، مواجهات، قتال، كمين، كمائن، اقتحام، تسلل، عملية عسكرية")),
    EventType("displacement", _cues("نزوح، نزح، نزحت، نزحوا، تهجير، تشريد")),
    EventType("accident", _cues("حادث سير، حادث مروري، تحطم، غرق، غرقوا، حريق")),
)
EVENT_TYPES = (
    *_NAMED,
    EventType("attack", _cues("هجوم، هجمات، هجوما، هجومين، اعتداء، استهداف"), tuple(kind.name for kind in _NAMED)),
)
"""From the particular to the general: of types that occur equally often the first is taken."""


def read_event(graph: SpanGraph, accounts: Sequence[Account], stances: Sequence[Claim] = ()) -> str | None:
    """The type most casualties of the accounts stand nearest to; without any, that of the cues of the stances.

    Each span gives one voice, to the type of the cue word with the fewest words between, in its own sentence.
    Casualties that are only denied are asked where no others give a voice. None where no cue word is found.
    """
    asserted = [name for account in accounts if account.asserts for name in account.casualties]
    denied = [name for account in accounts if not account.asserts for name in account.casualties]
    cues = [cue for claim in (*(account.claim for account in accounts), *stances) for cue in claim.cues]
    for names in (asserted, denied, cues):
        votes = Counter(rank for name in dict.fromkeys(names) if (rank := _nearest(graph, name)) is not None)
        if votes:
            return EVENT_TYPES[min(votes, key=lambda rank: (-votes[rank], rank))].name
    return None


def _nearest(graph: SpanGraph, name: str) -> int | None:
    """The rank of the type whose cue word is nearest to a span in its sentence."""
    span = graph.spans[name]
    words = graph.words_of(graph.sentence(name))
    cues = [
        (at, rank)
        for at, word in enumerate(words)
        if (rank := _rank_of(word.form, words[at + 1].form if at + 1 < len(words) else "")) is not None
    ]
    if not cues:
        return None
    inside = [at for at, word in enumerate(words) if span.start_char <= word.start_char < span.end_char]
    found = [(max(inside[0] - at, at - inside[-1], 0), rank) for at, rank in cues]
    nearest = min(found)[1]
    stronger = EVENT_TYPES[nearest].yields_to
    return min((one for one in found if EVENT_TYPES[one[1]].name in stronger), default=(0, nearest))[1]


@lru_cache(maxsize=65_536)
def _rank_of(form: str, after: str) -> int | None:
    """The rank of the first type that has a folded word, or it and the one after it, as a cue."""
    ranks, forms = _ranks(), bare_forms(form)
    cues = set(forms & ranks.keys())
    if after and not forms.isdisjoint(_openings()):
        cues |= {f"{one} {other}" for one in forms for other in (after, *bare_forms(after))} & ranks.keys()
    return min((ranks[cue] for cue in cues), default=None)


@cache
def _openings() -> frozenset[str]:
    """The first words of cues that are two words."""
    return frozenset(cue.partition(" ")[0] for cue in _ranks() if " " in cue)


@cache
def _ranks() -> dict[str, int]:
    """For each folded cue the place of the first type that has it."""
    ranks: dict[str, int] = {}
    for rank, kind in enumerate(EVENT_TYPES):
        for cue in kind.cues:
            ranks.setdefault(fold(cue), rank)
    return ranks
