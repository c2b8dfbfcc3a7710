"""CoNLL: a token a line with its IOB2 tag in a column, an empty line after a sentence.

For other corpora and other tools. It has no place for links, scores, span ids and metadata. Files written here
carry the spacing after each token in a column of its own (`SpacesAfter`, UDPipe's convention), so that the text
comes back exactly; without it the text is the tokens joined by spaces and the sentences by line ends.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..articles import Article
from ..scheme import CONFLICT, Scheme
from ..tokens import tokenize
from .drafts import Draft, Fault, FaultKind
from .iob import TaggedToken, is_tag, spans_of_tags, tags_of
from .settling import finish_all
from .text import encode_utf8, read_text, write_bytes

__all__ = ["conll_drafts", "read_conll", "write_conll"]

_START = "-DOCSTART-"
_WHITE = re.compile(r"[ \t]+")
_ESCAPES = {"\\": "\\\\", " ": "\\s", "\t": "\\t", "\r": "\\r", "\n": "\\n", "|": "\\p"}
_UNESCAPES = {escape: char for char, escape in _ESCAPES.items()}


def read_conll(
    path: Path,
    scheme: Scheme = CONFLICT,
    *,
    token_column: int = 0,
    tag_column: int = -1,
    sentences_per_article: int = 20,
    repair: bool = False,
) -> list[Article]:
    """The articles of a file, with the ids NAME/1, NAME/2, … where the file names none.

    Articles are what `-DOCSTART-` lines part, else groups of empty lines; a file with neither is cut after every
    `sentences_per_article` sentences. Raises InputError that lists every fault: tags that are not IOB2 (with
    `repair`, IOB1 and BIOES are read as what they mean), labels the scheme lacks, spans off the edges of words.
    """
    drafts = conll_drafts(
        path, token_column=token_column, tag_column=tag_column, sentences_per_article=sentences_per_article
    )
    return finish_all(drafts, scheme, repair=repair)[0]


def write_conll(articles: Iterable[Article], path: Path, *, spacing: bool = True) -> int:
    """Write articles with their spans; returns how many. Columns: token, spacing (if wanted), tag.

    Raises InputError for a text that UTF-8 cannot hold.
    """
    written = ["".join(f"{line}\n" for line in _lines(article, spacing)) for article in articles]
    write_bytes(path, encode_utf8("".join(written), str(path)))
    return len(written)


def conll_drafts(
    path: Path,
    *,
    token_column: int = 0,
    tag_column: int = -1,
    sentences_per_article: int = 20,
    file_id: str | None = None,
) -> Iterator[Draft]:
    """A draft of each article; InputError is raised for a file that cannot be read at all."""
    file_id = path.name.removesuffix(".conll") if file_id is None else file_id
    reader = _Reader(path, token_column, tag_column)
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        reader.take(number, line.removesuffix("\r"))
    documents = reader.documents(sentences_per_article)
    for number, document in enumerate(documents, start=1):
        yield document.draft(f"{file_id}/{number}")


@dataclass(slots=True)
class _Row:
    """A token line; `spacing` is None where the file does not say what follows the token."""

    where: str
    token: str
    tag: str
    spacing: str | None


@dataclass(slots=True)
class _Document:
    where: str
    id: str | None = None
    spacing: str = ""
    sentences: list[list[_Row]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    comments: int = 0

    def draft(self, default_id: str) -> Draft:
        """Join the tokens to a text and the tags to spans."""
        parts, length = [self.spacing], len(self.spacing)
        tagged: list[list[TaggedToken]] = []
        for sentence_number, sentence in enumerate(self.sentences, start=1):
            tagged.append([])
            for row_number, row in enumerate(sentence, start=1):
                tagged[-1].append(TaggedToken(row.where, row.tag, length, length + len(row.token)))
                spacing = row.spacing
                if spacing is None and row_number == len(sentence):
                    spacing = "\n" if sentence_number < len(self.sentences) else ""
                elif spacing is None:
                    spacing = " "
                parts += (row.token, spacing)
                length += len(row.token) + len(spacing)
        text, faults = "".join(parts), list(self.faults)
        spans = spans_of_tags(text, tagged, faults)
        draft = Draft(
            where=self.where,
            id=default_id if self.id is None else self.id,
            text=text,
            spans=tuple(spans),
            faults=tuple(faults),
        )
        if self.comments:
            draft.passed_over["comments"] = self.comments
        return draft


class _Reader:
    """Sorts the lines of a file into documents and sentences."""

    def __init__(self, path: Path, token_column: int, tag_column: int) -> None:
        self._path = path
        self._token_column = token_column
        self._tag_column = tag_column
        self._documents = [_Document(str(path))]
        self._sentence: list[_Row] = []
        self._empty_lines = 0
        self._has_starts = False
        self._group_ends: list[int] = []

    def take(self, number: int, line: str) -> None:
        """Read one line."""
        if not line.strip(" \t"):
            self._empty_lines += 1
            self._end_sentence()
            if self._empty_lines == 2:
                self._group_ends.append(len(self._documents[-1].sentences))
            return
        self._empty_lines = 0
        where = f"{self._path}:{number}"
        columns = line.split("\t") if "\t" in line else _WHITE.split(line.strip(" "))
        if columns[0] == _START:
            self._start_document(where, columns)
        elif line.startswith("#") and not is_tag(columns[-1]):
            self._documents[-1].comments += 1
        else:
            self._take_row(where, columns)

    def documents(self, sentences_per_article: int) -> list[_Document]:
        """The documents of the lines taken."""
        self._end_sentence()
        if self._has_starts:
            return [one for one in self._documents if one.sentences or one.faults or one.id is not None]
        whole = self._documents[0]
        sentences = whole.sentences
        ends = [end for end in self._group_ends if 0 < end < len(sentences)]
        if not ends:
            ends = list(range(sentences_per_article, len(sentences), sentences_per_article))
        parts = [sentences[start:end] for start, end in zip([0, *ends], [*ends, len(sentences)], strict=True)]
        cut = [_Document(part[0][0].where, sentences=part) for part in parts if part]
        first = cut[0] if cut else whole
        first.faults, first.comments = whole.faults, whole.comments
        return cut or ([whole] if whole.faults else [])

    def _start_document(self, where: str, columns: list[str]) -> None:
        self._end_sentence()
        self._has_starts = True
        features = _features(columns[1:])
        document = _Document(where, features.get("id"), features.get("SpacesAfter", ""))
        self._documents.append(document)

    def _take_row(self, where: str, columns: list[str]) -> None:
        faults = self._documents[-1].faults
        count = len(columns)
        token_at, tag_at = (at if at >= 0 else count + at for at in (self._token_column, self._tag_column))
        if count < 2 or not (0 <= token_at < count and 0 <= tag_at < count and columns[tag_at]):
            message = f"expected a token and its tag in columns, found {count}: {' '.join(columns)[:60]!r}"
            faults.append(Fault(FaultKind.SYNTAX, where, message))
            return
        token, tag = columns[token_at], columns[tag_at]
        if not tokenize(token):
            faults.append(Fault(FaultKind.SYNTAX, where, f"there is no token before the tag {tag}", "left out"))
            return
        others = [column for at, column in enumerate(columns) if at not in (token_at, tag_at)]
        spacing = _features(others).get("SpacesAfter")
        if spacing is not None and tokenize(spacing):
            message = f"expected white space after SpacesAfter=, found {spacing!r}"
            faults.append(Fault(FaultKind.SYNTAX, where, message))
            spacing = None
        self._sentence.append(_Row(where, token, tag, spacing))

    def _end_sentence(self) -> None:
        if self._sentence:
            self._documents[-1].sentences.append(self._sentence)
            self._sentence = []


def _features(columns: Iterable[str]) -> dict[str, str]:
    """`Name=value|…` features of columns, escapes undone; SpaceAfter=No is an empty SpacesAfter."""
    found: dict[str, str] = {}
    for column in columns:
        for feature in column.split("|"):
            name, equals, value = feature.partition("=")
            if equals:
                found[name] = re.sub(r"\\[\\strnp]", lambda match: _UNESCAPES[match[0]], value)
    if found.get("SpaceAfter") == "No":
        found["SpacesAfter"] = ""
    return found


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in text)


def _lines(article: Article, spacing: bool) -> Iterator[str]:
    """The lines of one article."""
    text, tokens = article.text, tokenize(article.text)
    tags = tags_of(tokens, article.spans)
    lead = text[: tokens[0].start_char] if tokens else text
    head = f"id={_escaped(article.id)}" + (f"|SpacesAfter={_escaped(lead)}" if lead and spacing else "")
    yield f"{_START}\t{head}\tO"
    yield ""
    if not tokens:
        return
    follows = [token.start_char for token in tokens[1:]] + [len(text)]
    nexts = [*tags[1:], "O"]
    for token, tag, next_start, next_tag in zip(tokens, tags, follows, nexts, strict=True):
        word, after = text[token.start_char : token.end_char], text[token.end_char : next_start]
        is_last = next_start == len(text) and token is tokens[-1]
        # A sentence ends with its line, but never inside a span.
        ends = is_last or ("\n" in after and not next_tag.startswith("I-"))
        if not spacing:
            yield f"{word}\t{tag}"
        elif after == " " and not ends:
            yield f"{word}\t_\t{tag}"
        else:
            yield f"{word}\t{f'SpacesAfter={_escaped(after)}' if after else 'SpaceAfter=No'}\t{tag}"
        if ends:
            yield ""
