"""JSON Lines: one article a line, with the field names of the contract; nothing of an article is lost.

Facts (casualties, places, actors, claims, incidents) are written always and read where they are there; keys this
module does not know are ignored. Whether what facts name exists is left to `Article`.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from ..articles import Article, Link, Metadata, Span
from ..scheme import CONFLICT, Scheme
from .drafts import Draft, DraftLink, DraftSpan, Fault, FaultKind
from .facts_json import facts_from_json, facts_to_json
from .fields import Fields
from .settling import finish
from .text import encode_utf8, read_lines, write_bytes

__all__ = [
    "article_from_json",
    "article_to_json",
    "draft_from_json",
    "iter_json_lines",
    "jsonl_drafts",
    "jsonl_line",
    "metadata_from",
    "read_jsonl",
    "write_jsonl",
]


def article_to_json(article: Article, *, with_text: bool = True) -> dict[str, Any]:
    """The article as a JSON value with the keys of the contract, in its order; offsets are code points."""
    value: dict[str, Any] = {
        "id": article.id,
        "text": article.text,
        "characters": article.characters,
        "characters_read": article.characters_read,
        "model": article.model,
        "metadata": {
            "published": article.metadata.published,
            "outlet": article.metadata.outlet,
            "url": article.metadata.url,
        },
        "spans": [_span_to_json(span) for span in article.spans],
        "links": [_link_to_json(link) for link in article.links],
        **facts_to_json(article.facts),
    }
    if not with_text:
        del value["text"]
    return value


def article_from_json(value: object, scheme: Scheme = CONFLICT, where: str = "JSON") -> Article:
    """The article of `article_to_json`'s value; `where` (file and line) begins every message.

    Raises InputError or OffsetError that lists every fault.
    """
    return finish(draft_from_json(value, where), scheme)[0]


def read_jsonl(
    path: Path,
    scheme: Scheme = CONFLICT,
    *,
    repair: bool = False,
    on_repair: Callable[[str], None] | None = None,
) -> Iterator[Article]:
    """The articles of a file, one at a time; an article without an id has `NAME/LINE`.

    `on_repair` is told of each repair. Raises EncodingError, OffsetError or InputError at the first bad line.
    """
    for draft in jsonl_drafts(path):
        article, repairs = finish(draft, scheme, repair=repair)
        if on_repair:
            for line in repairs:
                on_repair(line)
        yield article


def write_jsonl(articles: Iterable[Article], path: Path, *, with_text: bool = True) -> int:
    """Write articles, one a line, as they come; returns how many. Raises InputError for what UTF-8 cannot hold."""
    count = 0
    write_bytes(path, b"")
    with path.open("wb") as file:
        for count, article in enumerate(articles, start=1):
            line = jsonl_line(article, with_text=with_text)
            file.write(encode_utf8(line + "\n", f"{path}:{count}"))
    return count


def jsonl_line(article: Article, *, with_text: bool = True) -> str:
    """One article as one line of JSON, without its line end."""
    line = json.dumps(article_to_json(article, with_text=with_text), ensure_ascii=False, allow_nan=False)
    # Legal inside JSON strings, but line ends to some readers.
    return line.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def iter_json_lines(path: Path, *, skip: int = 0) -> Iterator[tuple[int, object | Fault]]:
    """Each line's number and JSON value, or the fault in its place; empty lines are skipped.

    The first `skip` lines that are not empty are passed over without being parsed.
    """
    for number, line in read_lines(path, skip=skip):
        where = f"{path}:{number}"
        if not isinstance(line, str):
            yield number, Fault(FaultKind.ENCODING, where, str(line).removeprefix(f"{where}: "))
        elif line.strip():
            try:
                yield number, json.loads(line)
            except RecursionError:
                yield number, Fault(FaultKind.SYNTAX, where, "expected an article, found JSON nested too deeply")
            except ValueError as error:
                yield number, Fault(FaultKind.SYNTAX, where, f"expected one JSON object a line, found: {error}")


def jsonl_drafts(path: Path, *, file_id: str | None = None) -> Iterator[Draft]:
    """A draft of each line; InputError is raised for a file that cannot be read at all."""
    file_id = path.name.removesuffix(".jsonl") if file_id is None else file_id
    for number, value in iter_json_lines(path):
        if isinstance(value, Fault):
            yield Draft(where=value.where, faults=(value,))
        else:
            yield draft_from_json(value, f"{path}:{number}", default_id=f"{file_id}/{number}")


def draft_from_json(value: object, where: str, *, default_id: str = "") -> Draft:
    """What a JSON value says of an article, with a fault for each key that is missing or of the wrong type."""
    faults: list[Fault] = []
    fields = Fields(value, where, faults)
    text = fields.text("text", hint="; an article written with --no-text cannot be read back") if not faults else ""
    if faults:
        return Draft(where=where, faults=tuple(faults))
    characters = fields.integer("characters")
    if characters is not None and characters != len(text):
        message = f"characters is {characters}, but the text has {len(text)} code points"
        repair = "counted again in code points" if characters in _other_lengths(text) else None
        faults.append(Fault(FaultKind.OFFSETS, where, message, repair))
    before = len(faults)
    spans = [_draft_span(each) for each in fields.objects("spans")]
    spans_are_sound = len(faults) == before
    links = [link for each in fields.objects("links") if (link := _draft_link(each))]
    facts = facts_from_json(value, where, faults, len(text))
    return Draft(
        where=where,
        id=default_id if (given := fields.optional_text("id")) is None else given,
        text=text,
        spans=tuple(span for span in spans if span),
        links=tuple(links),
        metadata=metadata_from(fields.nested("metadata")),
        model=fields.optional_text("model"),
        characters_read=fields.integer("characters_read"),
        # Where a span could not be read, a link to a span that is not there may be a link to it.
        set_aside=frozenset()
        if spans_are_sound
        else frozenset(end for one in links for end in (one.source, one.target)),
        faults=tuple(faults),
        facts=facts,
    )


def metadata_from(fields: Fields) -> Metadata:
    """Metadata from the keys published, outlet and url."""
    return Metadata(fields.optional_text("published"), fields.optional_text("outlet"), fields.optional_text("url"))


def _span_to_json(span: Span) -> dict[str, Any]:
    return {
        "id": span.id,
        "label": span.label,
        "family": span.family,
        "start": span.start_char,
        "end": span.end_char,
        "text": span.text,
        "score": span.score,
    }


def _link_to_json(link: Link) -> dict[str, Any]:
    return {"id": link.id, "kind": link.kind, "source": link.source, "target": link.target, "score": link.score}


def _draft_span(fields: Fields) -> DraftSpan | None:
    """A span, or None where a key it needs is missing or wrong."""
    before = len(fields.faults)
    name, label, text = fields.text("id"), fields.text("label"), fields.text("text")
    start, end = fields.integer("start", needed=True), fields.integer("end", needed=True)
    family, score = fields.optional_text("family"), fields.score()
    if len(fields.faults) > before or start is None or end is None:
        return None
    if not 0 <= start < end:
        message = f"span {name}: expected 0 <= start < end, found {start} and {end}"
        fields.faults.append(Fault(FaultKind.OFFSETS, fields.where, message))
        return None
    return DraftSpan(fields.where, name, label, start, end, text, score, family)


def _draft_link(fields: Fields) -> DraftLink | None:
    before = len(fields.faults)
    name, kind, source, target = (fields.text(key) for key in ("id", "kind", "source", "target"))
    link = DraftLink(fields.where, name, kind, source, target, fields.score())
    return link if len(fields.faults) == before else None


def _other_lengths(text: str) -> set[int]:
    """How long a text is to those who count UTF-16 units or bytes, or take line ends for one or two characters."""
    unix = text.replace("\r\n", "\n")
    return {len(text.encode("utf-16-le")) // 2, len(text.encode()), len(unix), len(unix) + unix.count("\n")}
