"""The formats articles are read from and written to: brat, JSON Lines, CoNLL, Parquet (read only) and plain text.

Every reader checks that each span's text stands at its offsets and says which file, line and span is wrong.
"""

from .brat import BratFile, read_brat, write_brat
from .conll import read_conll, write_conll
from .corpus import read_corpus
from .inputs import InputProblem, iter_inputs
from .jsonl import article_from_json, article_to_json, read_jsonl, write_jsonl
from .text import read_text

__all__ = [
    "BratFile",
    "InputProblem",
    "article_from_json",
    "article_to_json",
    "iter_inputs",
    "read_brat",
    "read_conll",
    "read_corpus",
    "read_jsonl",
    "read_text",
    "write_brat",
    "write_conll",
    "write_jsonl",
]
