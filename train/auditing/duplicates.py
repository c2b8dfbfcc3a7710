"""Find texts that are there twice: the same to the last character, or sharing most of their runs of words.

Words are compared in their normal forms, so that diacritics, spacing and punctuation hide no copy. Which split a
text belongs to is left to the audit.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ...infer.normalise import normal_forms
from ...infer.tokens import TokenKind, tokenize

__all__ = ["Duplicate", "find_duplicates", "shingles"]

_SHINGLE_WORDS = 5
_MAX_TEXTS_OF_A_SHINGLE = 200


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two texts, by their numbers from 0, `first` < `second`.

    `shared` is the part of the shorter one's shingles that the other has, 0 to 1; 1 for an exact copy.
    """

    first: int
    second: int
    exact: bool
    shared: float


def find_duplicates(texts: Iterable[str], *, min_shared: float = 0.5) -> list[Duplicate]:
    """The exact copies, each with its first, and the pairs of other texts that share `min_shared` or more.

    Holds the shingles, not the texts. A shingle of more than 200 texts (a page's footer) is no evidence of a copy
    and is not counted as shared.
    """
    found: list[Duplicate] = []
    first_copy: dict[bytes, int] = {}
    texts_by_shingle: defaultdict[int, list[int]] = defaultdict(list)
    sizes: dict[int, int] = {}
    for number, text in enumerate(texts):
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        if digest in first_copy:
            found.append(Duplicate(first_copy[digest], number, exact=True, shared=1.0))
            continue
        first_copy[digest] = number
        own = shingles(text)
        sizes[number] = len(own)
        shared: Counter[int] = Counter()
        for shingle in own:
            others = texts_by_shingle[shingle]
            if len(others) <= _MAX_TEXTS_OF_A_SHINGLE:
                shared.update(others)
                others.append(number)
        for other, count in sorted(shared.items()):
            part = count / min(sizes[other], len(own))
            if part >= min_shared:
                found.append(Duplicate(other, number, exact=False, shared=part))
    return found


def shingles(text: str) -> set[int]:
    """Hashes of every run of five words of a text, in normal forms; one run of all where it has fewer."""
    tokens = [token for token in tokenize(text) if token.kind in (TokenKind.WORD, TokenKind.NUMBER)]
    forms = normal_forms(text, tokens)
    if not forms:
        return set()
    runs = max(1, len(forms) - _SHINGLE_WORDS + 1)
    return {hash(tuple(forms[at : at + _SHINGLE_WORDS])) for at in range(runs)}
