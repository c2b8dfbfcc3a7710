"""The record beside a run's output: which model, options and inputs it was begun with, and whether it is finished.

A run goes on only under the record it was begun with. Where the record lies is left to the kinds of output.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..errors import RunError

__all__ = ["RunRecord"]

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What has to be the same for a run to go on.

    `options` are those that change what rows hold; `inputs` are a fingerprint, and for people the number of files and
    bytes; `rasid` is the version of the package.
    """

    rasid: str
    model: dict[str, str]
    options: dict[str, Any]
    inputs: dict[str, Any]
    finished: bool = field(default=False, compare=False)
    format: int = _FORMAT

    def as_finished(self) -> "RunRecord":
        """The same record of a run with nothing left to do."""
        return replace(self, finished=True)

    def to_json(self) -> bytes:
        """The record as a JSON file."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n").encode()

    @classmethod
    def from_json(cls, data: bytes, where: str) -> "RunRecord":
        """The record in a file; RunError for one that is not whole or of another version."""
        try:
            value = json.loads(data)
            if value["format"] != _FORMAT:
                raise RunError(f"{where}: format {value['format']} is not known to this version, which reads {_FORMAT}")
            return cls(**value)
        except (ValueError, TypeError, KeyError) as error:
            raise RunError(
                f"{where}: expected the record of a run, found what cannot be read as one ({error})"
            ) from None

    def refuse_others(self, now: "RunRecord", where: str) -> None:
        """RunError that says what has changed if `now` is not the run this is the record of."""
        for what, before, after in (
            ("Rasid", self.rasid, now.rasid),
            ("model", _shown(self.model), _shown(now.model)),
            *((f"--{name.replace('_', '-')}", self.options.get(name), now.options.get(name)) for name in now.options),
            ("inputs", _shown(self.inputs), _shown(now.inputs)),
        ):
            if before != after:
                raise RunError(
                    f"{where}: was begun with {what} {before} and cannot go on with {after}; "
                    "give what it was begun with, or another --out"
                )


def _shown(value: dict[str, Any]) -> str:
    """Names and numbers, and the digest in brackets that tells apart what has the same name."""
    parts = [str(each) for key, each in value.items() if key != "fingerprint"]
    return f"{' '.join(parts)} ({str(value.get('fingerprint', ''))[:8]})"
