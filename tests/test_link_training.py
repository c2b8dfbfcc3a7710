"""Training a link head: the same numbers as in prediction, pairs learned once, and a run from config to folder."""

import json
import signal
from pathlib import Path

import numpy as np
import pytest
import torch
from test_run_resume import run_in_child
from training_config import write_config

from rasid.infer.articles import Article
from rasid.infer.errors import ConfigError
from rasid.infer.formats.corpus import read_corpus
from rasid.infer.links.choosing import Linker, load_linker
from rasid.infer.links.gathering import SpanGatherer
from rasid.infer.links.pairs import candidate_pairs, place_spans
from rasid.infer.model_folder import ModelInfo
from rasid.infer.predictor import Predictor
from rasid.infer.scheme import CONFLICT
from rasid.infer.tokens import tokenize
from rasid.train.encoders.classifiers import wordpiece_tokenizer
from rasid.train.settings.files import load_config
from rasid.train.settings.run_config import LinksConfig
from rasid.train.tuning.checkpoints import latest_checkpoint
from rasid.train.tuning.examples import article_examples, word_tags
from rasid.train.tuning.link_examples import link_windows, make_link_batch
from rasid.train.tuning.link_fitting import count_links, head_of, total
from rasid.train.tuning.link_module import LinkModule
from rasid.train.tuning.run import RunResult, run

LINKS = "links={enabled=true, hidden=16, predicted_epoch=1, predicted_share=0.5}"


@pytest.fixture(scope="module")
def corpus(annotated_articles: Path) -> list[Article]:
    return read_corpus(annotated_articles / "train", CONFLICT)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, annotated_articles: Path) -> RunResult:
    folder = tmp_path_factory.mktemp("linked")
    config = write_config(folder, annotated_articles, epochs=8, average='"best"', evaluate_steps=20)
    return run(config, [f"run.out={folder / 'runs'}", LINKS, "model.stored_precision=fp16"])


def test_torch_and_numpy_give_the_same_scores(corpus: list[Article], tiny_vocabulary: list[str]) -> None:
    torch.manual_seed(0)
    module = LinkModule(CONFLICT, 10, LinksConfig(hidden=16)).eval()
    head = head_of(module, ModelInfo("x", "1", CONFLICT))
    tokenizer = wordpiece_tokenizer(tiny_vocabulary).backend_tokenizer
    windows = link_windows(corpus, tokenizer, 4096, 16, 64)
    width = max(len(window.window.subword_ids) for window in windows)
    batch = make_link_batch(windows, [window.gold_table() for window in windows], width)
    states = torch.randn(len(windows), width, 10)
    with torch.no_grad():
        scores = module(states, batch).numpy()
    for row, (article, window) in enumerate(zip(corpus, windows, strict=True)):
        gatherer, tokens = SpanGatherer(head), article.tokens
        own, cut = states[row].numpy()[window.window.first_subwords], len(tokens) // 3
        places = place_spans(article.text, article.spans)
        labels, first = [span.label for span in article.spans], int(np.searchsorted(places.first_word, cut))
        gatherer.take(own[:cut], labels[:first], places.first_word[:first], places.end_word[:first])
        gatherer.take(own[cut:], labels[first:], places.first_word[first:], places.end_word[first:])
        pairs = candidate_pairs(article.spans, places, CONFLICT, 64)
        assert len(pairs) > 20
        found, learned = head.logits(gatherer.vectors(), places, pairs), scores[row, : len(pairs)]
        np.testing.assert_allclose(found[pairs.allowed], learned[pairs.allowed], atol=1e-4)


def test_each_pair_that_some_window_holds_is_learned_once(corpus: list[Article], tiny_vocabulary: list[str]) -> None:
    tokenizer = wordpiece_tokenizer(tiny_vocabulary).backend_tokenizer
    windows = link_windows(corpus, tokenizer, 96, 32, 64)
    assert len(windows) > len(corpus)
    examples = article_examples(corpus, tokenizer, CONFLICT, 96, 32)
    assert [window.window.subword_ids for window in windows] == [example.subword_ids.tolist() for example in examples]
    for article in corpus:
        learned: list[tuple[int, int, str]] = []
        for window in (window for window in windows if window.article is article):
            table, firsts = window.gold_table(), np.asarray(window.window.first_subwords)
            word = {int(at): window.window.first_word + n for n, at in enumerate(firsts)}
            for source, target, gold, counts in zip(table.source, table.target, table.gold, table.counts, strict=True):
                ends = word[int(table.first[source])], word[int(table.first[target])]
                learned += [
                    (*ends, kind.name) for kind, g, c in zip(CONFLICT.links, gold, counts, strict=True) if g & c
                ]
        assert learned
        assert len(learned) == len(set(learned))
        starts = {token.start_char: n for n, token in enumerate(tokenize(article.text))}
        at = {span.id: starts[span.start_char] for span in article.spans}
        assert set(learned) <= {(at[link.source], at[link.target], link.kind) for link in article.links}


def test_predicted_spans_that_are_the_gold_ones_teach_the_same(
    corpus: list[Article], tiny_vocabulary: list[str]
) -> None:
    tokenizer = wordpiece_tokenizer(tiny_vocabulary).backend_tokenizer
    for article, window in zip(corpus, link_windows(corpus, tokenizer, 4096, 16, 64), strict=True):
        scores = np.zeros((len(window.window.subword_ids), len(CONFLICT.tags)), dtype=np.float32)
        scores[window.window.first_subwords, word_tags(article, tokenize(article.text), CONFLICT)] = 5.0
        gold, predicted = window.gold_table(), window.predicted_table(scores)
        for name in gold.__slots__:
            assert np.array_equal(getattr(gold, name), getattr(predicted, name)), name
        assert len(window.predicted_table(np.zeros_like(scores)).source) == 0


def test_a_source_without_links_teaches_none(corpus: list[Article], tiny_vocabulary: list[str]) -> None:
    bare = [Article(article.text, article.spans) for article in corpus]
    tokenizer = wordpiece_tokenizer(tiny_vocabulary).backend_tokenizer
    assert not any(window.gold_table().counts.any() for window in link_windows(bare, tokenizer, 512, 16, 64))


def test_the_folder_of_a_run_has_a_head_that_learned_something(finished: RunResult, annotated_articles: Path) -> None:
    from transformers import AutoModelForTokenClassification

    folder = finished.model_folder
    AutoModelForTokenClassification.from_pretrained(folder)
    gold = read_corpus(annotated_articles / "train", CONFLICT)
    predictor = Predictor.load(folder, device="cpu")
    linker = load_linker(folder, CONFLICT)
    assert linker.head is not None
    learned = total(count_links(gold, list(predictor.stream_links(gold)))).f1
    assert learned > 0.3
    lines = [json.loads(line) for line in (folder.parent / "metrics.jsonl").read_text("utf-8").splitlines()]
    dev = [line for line in lines if line["kind"] == "dev"]
    assert all(line["f1"] == pytest.approx((line["f1_spans"] + line["f1_links"]) / 2) for line in dev)
    assert any(link.score is not None for link in predictor.link(gold[0]).links) or all(
        kind.by == "rules" for kind in linker.settings.kinds.values()
    )


def test_the_better_one_is_chosen_for_each_kind(finished: RunResult) -> None:
    settings = load_linker(finished.model_folder, CONFLICT).settings
    measured = settings.measured["dev given gold spans"]
    for kind, how in settings.kinds.items():
        head, rules = measured[kind]["head"]["f1"], measured[kind]["rules"]["f1"]
        assert how.by == ("rules" if rules > head else "head")


def test_a_folder_without_its_head_still_tags_and_links_by_rules(finished: RunResult, tmp_path: Path) -> None:
    import shutil

    text = "قتل سبعة مدنيين في قصف على مدينة حلب"
    with_head = Predictor.load(finished.model_folder, device="cpu").predict(text)
    folder = shutil.copytree(finished.model_folder, tmp_path / "model")
    (folder / "links.safetensors").unlink()
    bare = Predictor.load(folder, device="cpu").predict(text)
    assert bare.spans == with_head.spans
    assert bare.links == Linker(CONFLICT).links(bare, None)


@pytest.mark.slow
def test_killed_and_resumed_has_the_same_head(tmp_path: Path, annotated_articles: Path) -> None:
    config = write_config(tmp_path, annotated_articles, epochs=3, batch_subwords=64, average='"ema"')
    config.write_text(config.read_text("utf-8") + f"\n[links]\n{LINKS[7:-1].replace(', ', chr(10))}\n", "utf-8")
    assert run_in_child(config, tmp_path, "whole", "killed") == -signal.SIGKILL
    assert run_in_child(config, tmp_path, "resume-killed") == 0
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    for name in ("model/model.safetensors", "model/links.safetensors", "model/links.json"):
        assert (whole / name).read_bytes() == (killed / name).read_bytes(), name
    last = [latest_checkpoint(folder / "checkpoints") for folder in (whole, killed)]
    assert last[0] is not None
    assert last[1] is not None
    for name in ("model.safetensors", "average.safetensors"):
        assert (last[0] / name).read_bytes() == (last[1] / name).read_bytes(), name


def test_accumulating_changes_nothing_but_rounding(tmp_path: Path, annotated_articles: Path) -> None:
    config = write_config(tmp_path, annotated_articles, epochs=3)
    losses = []
    for name, micro in (("whole", "null"), ("parts", "64")):
        overrides = [
            f"run.out={tmp_path}",
            f"run.name={name}",
            f"train.micro_batch_subwords={micro}",
            "model.dropout=0",
        ]
        # Predicted spans hang on the last bit of a score, drop-out on the order of the parts: both are left out.
        run(config, [*overrides, "links={enabled=true, hidden=16, dropout=0, predicted_share=0}"])
        lines = [json.loads(line) for line in (tmp_path / name / "metrics.jsonl").read_text("utf-8").splitlines()]
        losses.append([line["loss"] for line in lines if line["kind"] == "train"])
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)


def test_a_scheme_without_links_cannot_train_a_head(tmp_path: Path, annotated_articles: Path) -> None:
    scheme = 'data.scheme={name="names", families={PERS=["PERS"]}}'
    with pytest.raises(ConfigError, match=r"links\.enabled is true, but scheme 'names' declares no links"):
        load_config(write_config(tmp_path, annotated_articles), [LINKS, scheme])
