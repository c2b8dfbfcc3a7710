"""The command `rasid-train check`: audit a corpus and print it, for a person or as JSON.

The audit itself is `audit`'s business; the options are declared by `cli`.
"""

import json
import sys
from pathlib import Path

from rich.console import Console

from ...infer.scheme import CONFLICT, Scheme
from .audit import audit_corpus
from .audit_table import print_audit

__all__ = ["check"]


def check(
    path: Path,
    *,
    scheme: Scheme = CONFLICT,
    as_json: bool = False,
    min_shared: float = 0.5,
    rare_below: int = 20,
    max_listed: int = 10,
) -> int:
    """Audit a corpus and print it on standard output; returns the exit code, 1 where it is not clean.

    Raises InputError where there is nothing annotated at all.
    """
    audit = audit_corpus(path, scheme, min_shared=min_shared, rare_below=rare_below)
    if as_json:
        sys.stdout.write(json.dumps(audit.to_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        print_audit(audit, Console(), max_listed=max_listed)
    return 0 if audit.is_clean else 1
