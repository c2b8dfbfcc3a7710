"""Annotated articles made up by hypothesis, with all that makes offsets hard."""

from hypothesis import strategies as st

from rasid.infer.articles import Article, Link, Metadata, Span
from rasid.infer.scheme import CONFLICT
from rasid.infer.tokens import TokenKind, tokenize

_WORDS = ("الجيش", "مَقْتَلُ", "قتـــلى", "ﻻجئ", "14", "1.200", "Syria", "😀", "👨\u200d👩", "𝟘", "لـ6", "@a", "http://a.b")
_MARKS = ("«", "»", "،", ".", "#", "|", "\\s", "\u200f", "\ufeff")
_SPACES = (" ", " ", " ", "\n", "\r\n", "\t", "\u00a0", "\u2028", "\x85")
texts = st.one_of(
    st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(_SPACES)), max_size=12).map(
        lambda pairs: "".join(word + space for word, space in pairs)
    ),
    st.lists(st.sampled_from(_WORDS + _MARKS + _SPACES), max_size=30).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
"""Texts of any characters a file can hold."""


@st.composite
def articles(draw: st.DrawFn, *, scored: bool = True) -> Article:
    """An article with spans and links that the conflict scheme allows, and with scores if they are wanted."""
    text = draw(texts)
    words = [token for token in tokenize(text) if token.kind in (TokenKind.WORD, TokenKind.NUMBER)]
    scores = st.none() | st.floats(0, 1) if scored else st.none()
    spans: list[Span] = []
    at = 0
    while at < len(words) and len(spans) < 5:
        at += draw(st.integers(0, 3))
        last = at + draw(st.integers(0, 2))
        if last < len(words):
            start, end = words[at].start_char, words[last].end_char
            label = draw(st.sampled_from(CONFLICT.label_names))
            name = f"T{len(spans) + 1}"
            spans.append(Span(name, label, CONFLICT.family_of(label), start, end, text[start:end], draw(scores)))
        at = last + 1
    links: list[Link] = []
    for source in spans:
        for target in spans:
            for kind in CONFLICT.links:
                fits = (source.family, target.family) == (kind.source_family, kind.target_family)
                if source is not target and fits and draw(st.booleans()):
                    links.append(Link(f"R{len(links) + 1}", kind.name, source.id, target.id, draw(scores)))
    return Article(text, tuple(spans), tuple(links), id="made")


@st.composite
def predicted_articles(draw: st.DrawFn) -> Article:
    """An article with everything a prediction has."""
    article = draw(articles())
    metadata = st.builds(Metadata, *[st.none() | st.text(st.characters(exclude_categories=["Cs"]))] * 3)
    return Article(
        article.text,
        article.spans,
        article.links,
        id=draw(st.text(st.characters(exclude_categories=["Cs"]))),
        metadata=draw(metadata),
        model=draw(st.none() | st.just("rasid-compact 1.0")),
        characters_read=draw(st.none() | st.just(article.characters)),
    )
