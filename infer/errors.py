"""The exception tree, and nothing else.

    RasidError                 anything this package refuses, with a message a user can act on
    ├── SchemeError            a label scheme that contradicts itself
    ├── ArticleError           an article, span or link that cannot be (offsets, words, overlap, labels)
    ├── InputError             a file that cannot be read as what it claims to be
    │   ├── EncodingError      not UTF-8; names the byte
    │   └── OffsetError        annotation offsets that do not match the text
    ├── ConfigError            a run config with mistakes, all of them listed
    ├── ModelError             a model folder or hub id that cannot be used
    │   └── HubError           the hub could not be reached
    ├── RunError               a training or bulk run that cannot start, go on or be written
    └── MissingExtraError      a command whose optional packages are not installed

A message says where (file, line, key), what was expected, what was found and what to do.
"""

__all__ = [
    "ArticleError",
    "ConfigError",
    "EncodingError",
    "HubError",
    "InputError",
    "MissingExtraError",
    "ModelError",
    "OffsetError",
    "RasidError",
    "RunError",
    "SchemeError",
]


class RasidError(Exception):
    """Anything this package refuses; the text is one clear line for the user."""


class SchemeError(RasidError):
    """A label scheme that contradicts itself."""


class ArticleError(RasidError):
    """An article, span or link that cannot be."""


class InputError(RasidError):
    """A file that cannot be read as what it claims to be."""


class EncodingError(InputError):
    """A file that is not UTF-8; the message names the first bad byte."""


class OffsetError(InputError):
    """Annotation offsets that do not match the text."""


class ConfigError(RasidError):
    """A run config with mistakes; the message lists all of them."""


class ModelError(RasidError):
    """A model folder or hub id that cannot be used."""


class HubError(ModelError):
    """The hub could not be reached; the message names the ways out."""


class RunError(RasidError):
    """A training or bulk run that cannot start, go on or be written."""


class MissingExtraError(RasidError):
    """A command whose optional packages are not installed."""

    def __init__(self, extra: str, needed_for: str) -> None:
        super().__init__(f"{needed_for} needs packages that are not installed: pip install 'rasid[{extra}]'")
        self.extra = extra
