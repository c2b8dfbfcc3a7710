"""What coders' schemes call an incident's event type.

Our types are those of the table of cue words in `claims.events`; a type that is not here has none in a scheme, and
where a sub-type depends on more than the cue words tell it is left empty.
"""

from dataclasses import dataclass

__all__ = ["SchemeEvent", "scheme_event"]


@dataclass(frozen=True, slots=True)
class SchemeEvent:
    """A type in ACLED's terms (event type, sub-event type) and PLOVER's (event and mode of the act itself).

    `on_civilians` says that ACLED has the type only where civilians are the ones harmed.
    """

    acled: str | None = None
    acled_sub: str | None = None
    plover: str | None = "ASSAULT"
    mode: str | None = None
    on_civilians: bool = False

    @property
    def disorder(self) -> str | None:
        """ACLED's disorder type."""
        return _DISORDER.get(self.acled or "")


_REMOTE = "Explosions/Remote violence"
_ON_CIVILIANS = "Violence against civilians"
_DISORDER = {
    _REMOTE: "Political violence",
    "Battles": "Political violence",
    _ON_CIVILIANS: "Political violence",
    "Strategic developments": "Strategic developments",
}

_TYPES = {
    "air strike": SchemeEvent(_REMOTE, "Air/drone strike"),
    "shelling": SchemeEvent(_REMOTE, "Shelling/artillery/missile attack", mode="heavy-weapons"),
    # Suicide bombs, car bombs and mines are one type with us, three sub-types with ACLED.
    "explosion": SchemeEvent(_REMOTE, mode="explosives"),
    "chemical attack": SchemeEvent(_REMOTE, "Chemical weapon"),
    "clash": SchemeEvent("Battles", "Armed clash"),
    "attack": SchemeEvent(_ON_CIVILIANS, "Attack", on_civilians=True),
    "shooting": SchemeEvent(_ON_CIVILIANS, "Attack", mode="firearms", on_civilians=True),
    "stabbing": SchemeEvent(_ON_CIVILIANS, "Attack", mode="primitive", on_civilians=True),
    "ramming": SchemeEvent(_ON_CIVILIANS, "Attack", on_civilians=True),
    "execution": SchemeEvent(_ON_CIVILIANS, "Attack", on_civilians=True),
    "abduction": SchemeEvent(_ON_CIVILIANS, "Abduction/forced disappearance", mode="abduct", on_civilians=True),
    "arrest": SchemeEvent("Strategic developments", "Arrests", plover="COERCE", mode="arrest"),
    "displacement": SchemeEvent(plover=None),
    "accident": SchemeEvent(plover=None),
}


def scheme_event(event: str | None) -> SchemeEvent:
    """The type of an incident's event; an empty one where it is not known. Hyphens and case do not matter."""
    return _TYPES.get((event or "").lower().replace("-", " ").replace("_", " ").strip(), SchemeEvent())
