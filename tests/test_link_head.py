"""The link head: which pairs it may join, that reading windows changes nothing, and what its folder must hold."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rasid.infer.articles import Article, Link, Span
from rasid.infer.errors import ModelError
from rasid.infer.links.choosing import KindSettings, Linker, LinkSettings, load_linker, read_settings, write_settings
from rasid.infer.links.gathering import SpanGatherer
from rasid.infer.links.head import WEIGHTS, LinkHead, weight_shapes
from rasid.infer.links.pairs import FEATURE_SIZES, candidate_pairs, place_spans
from rasid.infer.model_folder import ModelInfo
from rasid.infer.predictor import Predictor
from rasid.infer.scheme import CONFLICT, Scheme, SpanLabel
from rasid.infer.tokens import tokenize
from rasid.infer.windows import Window
from rasid.train.encoders.classifiers import wordpiece_tokenizer

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة"
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
TOKENIZER = wordpiece_tokenizer(VOCABULARY).backend_tokenizer
WIDTH = 6
TEXT = "اتهم المرصد الجيش، بمقتل سبعة في بلدة تل.\nنفى الجيش: «لم نقصف بلدة تل»\n"
SPANS = (
    ("ACCUSE", "اتهم"),
    ("SOURCE", "المرصد"),
    ("STATE", "الجيش"),
    ("KILLED", "بمقتل سبعة"),
    ("TOWN", "بلدة تل"),
    ("DENY", "نفى"),
    ("STATE", "الجيش"),
    ("TOWN", "بلدة تل"),
)


def article(times: int = 1) -> Article:
    """The text and its spans, some number of times over."""
    text, spans, at = TEXT * times, [], 0
    for _ in range(times):
        for label, words in SPANS:
            start = text.index(words, at)
            at = start + len(words)
            name = f"T{len(spans) + 1}"
            spans.append(Span(name, label, CONFLICT.family_of(label), start, at, text[start:at]))
    return Article(text, tuple(spans))


def weights(scheme: Scheme = CONFLICT, states: int = WIDTH) -> dict[str, NDArray[np.float32]]:
    draw = np.random.default_rng(3)
    shapes = weight_shapes(scheme, states, 8, 4)
    return {name: draw.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


class LetterStates:
    """A fake encoder: a word's states depend on its first subword alone, so that windows make no difference."""

    def score(self, windows: Sequence[Window]) -> list[NDArray[np.float32]]:
        return [np.zeros((len(w.first_subwords), len(CONFLICT.tags)), dtype=np.float32) for w in windows]

    def score_with_states(
        self, windows: Sequence[Window]
    ) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:
        table = np.random.default_rng(1).normal(size=(len(VOCABULARY), WIDTH)).astype(np.float32)
        return self.score(windows), [table[[w.subword_ids[at] for at in w.first_subwords]] for w in windows]


def predictor(linker: Linker | None, max_subwords: int = 512) -> Predictor:
    info = ModelInfo("fake", "1", CONFLICT, 1.0, max_subwords, max_subwords // 4)
    return Predictor(LetterStates(), TOKENIZER, info, linker=linker)


def linker(threshold: float = 0.5, by: str = "head") -> Linker:
    kinds = {kind.name: KindSettings(by, 1.0, threshold) for kind in CONFLICT.links}  # type: ignore[arg-type]  # a parameter of the test, one of the literals
    return Linker(CONFLICT, LinkHead(weights(), CONFLICT), LinkSettings(12, kinds))


def found(read: Article) -> list[tuple[str, str, str]]:
    return [(link.kind, link.source, link.target) for link in read.links]


def test_pairs_are_those_the_families_allow_within_reach() -> None:
    given = article()
    words = {token.start_char: number for number, token in enumerate(tokenize(given.text))}
    ends = {token.end_char: number for number, token in enumerate(tokenize(given.text))}
    for reach in (0, 3, 7, 100):
        pairs = candidate_pairs(given.spans, place_spans(given.text, given.spans), CONFLICT, reach)
        got = set()
        for source, target, allowed in zip(pairs.source, pairs.target, pairs.allowed, strict=True):
            for kind, may in zip(CONFLICT.links, allowed, strict=True):
                if may:
                    got.add((kind.name, given.spans[source].id, given.spans[target].id))
        wanted = set()
        for a in given.spans:
            for b in given.spans:
                left, right = sorted((a, b), key=lambda span: span.start_char)
                near = words[right.start_char] - ends[left.end_char] - 1 <= reach
                for kind in CONFLICT.links:
                    if a is not b and near and (a.family, b.family) == (kind.source_family, kind.target_family):
                        wanted.add((kind.name, a.id, b.id))
        assert got == wanted


def test_features_tell_the_text_between_and_stay_within_their_sizes() -> None:
    given = article()
    pairs = candidate_pairs(given.spans, place_spans(given.text, given.spans), CONFLICT, 100)
    assert (pairs.features.min(axis=0) >= 0).all()
    assert (pairs.features[:, :-1].max(axis=0) < FEATURE_SIZES).all()
    row = {(a, b): features for a, b, features in zip(pairs.source, pairs.target, pairs.features.tolist(), strict=True)}
    assert row[0, 1] != row[0, 2]  # the nearest actor, and one behind it
    assert (row[0, 2][5], row[0, 3][5]) == (0, 1)  # a comma stands before the casualty
    assert (row[0, 2][1], row[0, 6][1], row[5, 2][0] % 2) == (0, 1, 1)  # a line further; the target comes first


def test_pairs_grow_with_the_article_and_not_with_its_square() -> None:
    count = [
        len(candidate_pairs(a.spans, place_spans(a.text, a.spans), CONFLICT, 12)) for a in (article(20), article(40))
    ]
    assert 1.9 < count[1] / count[0] < 2.1


def test_articles_read_together_have_the_links_they_have_alone() -> None:
    given = [article(3), Article("سار ثم"), article(8), article(1)]
    together = list(predictor(linker()).stream_links(given))
    alone = [predictor(linker()).link(one) for one in given]
    assert [found(read) for read in together] == [found(read) for read in alone]
    assert len(together[0].links) > 5
    for one, other in zip(together, alone, strict=True):
        scores = [[link.score for link in read.links] for read in (one, other)]
        np.testing.assert_allclose(scores[0], scores[1], rtol=1e-4)


def test_windows_change_neither_links_nor_scores() -> None:
    given = article(30)
    whole = predictor(linker(), 4096).link(given)
    assert len(whole.links) > 100
    for max_subwords in (16, 33, 64):
        read = predictor(linker(), max_subwords).link(given)
        assert found(read) == found(whole)
        assert [k.score for k in read.links] == pytest.approx([k.score for k in whole.links], abs=1e-4)


def test_given_spans_are_kept_and_linked_even_across_lines() -> None:
    text = "قصف الجيش\nبلدة تل في سوريا"
    spans = (Span("A", "STATE", "ACTOR", 4, 14, text[4:14]), Span("B", "TOWN", "LOCATION", 15, 17, "تل"))
    spans += (Span("C", "COUNTRY", "LOCATION", 21, 26, "سوريا"),)
    read = predictor(linker(threshold=1e-30)).link(Article(text, spans, id="x"))
    assert [(s.id, s.label) for s in read.spans] == [("A", "STATE"), ("B", "TOWN"), ("C", "COUNTRY")]
    assert {frozenset((link.source, link.target)) for link in read.links} == {frozenset("BC")}
    assert (read.id, [link.id for link in read.links]) == ("x", ["R1"])  # never both ways


def test_without_a_linker_there_are_no_links() -> None:
    assert predictor(None).link(article()).links == ()


def test_each_kind_comes_from_whom_the_folder_says(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = (Link("X", "holder", "T1", "T2"), Link("Y", "place", "T4", "T5"))
    monkeypatch.setattr("rasid.infer.links.choosing.link_by_rules", lambda _: rules)
    mixed = linker(threshold=0.999)
    kinds = mixed.settings.kinds | {"holder": KindSettings("rules")}
    mixed = Linker(CONFLICT, mixed.head, replace(mixed.settings, kinds=kinds))
    ruled = [link for link in predictor(mixed).link(article()).links if link.score is None]
    assert [(link.kind, link.source, link.target) for link in ruled] == [("holder", "T1", "T2")]
    alone = predictor(Linker(CONFLICT)).link(article())
    assert found(alone) == [("holder", "T1", "T2"), ("place", "T4", "T5")]


def test_a_folder_without_a_head_links_by_rules_and_one_with_half_a_head_is_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    assert load_linker(tmp_path, CONFLICT).head is None
    save_file(weights(), tmp_path / WEIGHTS)
    with pytest.raises(ModelError, match=r"no links\.json"):
        load_linker(tmp_path, CONFLICT)
    settings = LinkSettings(64, {kind.name: KindSettings("head", 1.5, 0.4) for kind in CONFLICT.links})
    write_settings(tmp_path, settings)
    assert load_linker(tmp_path, CONFLICT).settings == settings
    save_file(weights() | {"output.bias": np.zeros(3, dtype=np.float32)}, tmp_path / WEIGHTS)
    with pytest.raises(ModelError, match=r"output\.bias.*needs \(7,\), found \(3,\)"):
        load_linker(tmp_path, CONFLICT)
    (tmp_path / WEIGHTS).write_bytes(b"nothing")
    with pytest.raises(ModelError, match="safetensors"):
        load_linker(tmp_path, CONFLICT)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 9}, "format 9"),
        ({"kinds": {}}, "expected the link kinds holder"),
        ({"reach_words": "far"}, "ValueError"),
        ({"kinds": {"holder": {"by": "luck"}}}, "head or rules"),
    ],
)
def test_settings_that_cannot_be_are_refused(tmp_path: Path, change: dict[str, object], said: str) -> None:
    write_settings(tmp_path, LinkSettings(64, {kind.name: KindSettings() for kind in CONFLICT.links}))
    value = json.loads((tmp_path / "links.json").read_text("utf-8")) | change
    (tmp_path / "links.json").write_text(json.dumps(value), "utf-8")
    with pytest.raises(ModelError, match=said):
        read_settings(tmp_path, CONFLICT)


def test_a_scheme_without_links_has_none() -> None:
    names = Scheme("names", (SpanLabel("PERS", "PERS"),))
    given = Article("خالد", (Span("T1", "PERS", "PERS", 0, 4, "خالد"),), scheme=names)
    assert Linker(names).links(given, None) == ()


def test_a_long_article_gathered_in_chunks_has_the_vectors_it_has_at_once() -> None:
    head, long = LinkHead(weights(), CONFLICT), article(300)
    places, labels = place_spans(long.text, long.spans), [span.label for span in long.spans]
    states = np.random.default_rng(4).normal(size=(len(tokenize(long.text)), WIDTH)).astype(np.float32)
    at_once, in_chunks = SpanGatherer(head), SpanGatherer(head)
    at_once.take(states, labels, places.first_word, places.end_word)
    for start in range(0, len(states), 50):
        low, high = np.searchsorted(places.first_word, [start, start + 50])
        span = slice(int(low), int(high))
        in_chunks.take(states[start : start + 50], labels[span], places.first_word[span], places.end_word[span])
    expected, found = at_once.vectors(), in_chunks.vectors()
    assert len(found.source) == len(long.spans) == 2400
    for name in ("source", "target", "before", "to"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), atol=1e-4)
