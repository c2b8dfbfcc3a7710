"""A model folder is an ordinary Hugging Face folder, and refuses what it must not hold."""

import json
from pathlib import Path
from typing import Any

import pytest

from rasid.infer.articles import Article
from rasid.infer.errors import HubError, ModelError
from rasid.infer.model_folder import ModelInfo, find_model, read_info, read_tokenizer, write_info
from rasid.infer.normalise import normal_forms
from rasid.infer.predictor import Predictor
from rasid.infer.scheme import CONFLICT
from rasid.infer.tokens import tokenize


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """A span model with random weights over the conflict scheme, wide enough to disagree with itself."""
    import shutil

    import torch
    from transformers import AutoConfig, AutoModelForTokenClassification

    folder = tmp_path_factory.mktemp("tiny-model")
    shutil.copytree(tiny_encoder, folder, dirs_exist_ok=True)
    config = AutoConfig.from_pretrained(tiny_encoder)
    config.id2label = dict(enumerate(CONFLICT.tags))
    config.label2id = {tag: number for number, tag in enumerate(CONFLICT.tags)}
    torch.manual_seed(3)
    model = AutoModelForTokenClassification.from_config(config)
    with torch.no_grad():
        model.classifier.weight.normal_(std=1.0)
    model.save_pretrained(folder)
    write_info(folder, ModelInfo("tiny", "1", CONFLICT, 1.5, 64, 16))
    return folder


def test_the_description_of_a_model_survives_a_round_trip(tmp_path: Path) -> None:
    info = ModelInfo("a", "2", CONFLICT, 1.25, 256, 64, run={"seed": 1})
    write_info(tmp_path, info)
    assert read_info(tmp_path) == info


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "format 99"),
        ({"normalisation": "other/1"}, "'other/1'"),
        ({"temperature": 0}, "temperature above 0"),
        ({"scheme": {"name": "x"}}, "not a label scheme"),
        ({"max_subwords": "many"}, "not complete"),
    ],
)
def test_a_description_that_cannot_be_used_says_why(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    write_info(tmp_path, ModelInfo("a", "1", CONFLICT))
    path = tmp_path / "rasid.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ModelError, match=message):
        read_info(tmp_path)


def test_a_plain_encoder_folder_is_told_to_be_fine_tuned_first(tiny_encoder: Path) -> None:
    with pytest.raises(ModelError, match="rasid-train run"):
        Predictor.load(tiny_encoder)


def test_a_folder_with_a_pickle_is_refused(tmp_path: Path) -> None:
    write_info(tmp_path, ModelInfo("a", "1", CONFLICT))
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ModelError, match=r"pytorch_model\.bin"):
        Predictor.load(tmp_path)


def test_a_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match="no such model folder"):
        find_model("./nowhere")


def test_a_hub_that_cannot_be_reached_names_the_two_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def unreachable(*args: object, **kwargs: object) -> str:
        raise ConnectionError("no route")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", unreachable)
    with pytest.raises(HubError, match=r"cannot be reached.*local model folder.*embedded"):
        find_model("someone/some-model")


def test_tags_that_are_not_the_schemes_are_refused(tmp_path: Path, tiny_model: Path) -> None:
    import shutil

    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    config = json.loads((folder / "config.json").read_text())
    config["id2label"]["1"], config["id2label"]["3"] = config["id2label"]["3"], config["id2label"]["1"]
    config["label2id"] = {tag: int(number) for number, tag in config["id2label"].items()}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="mixes two models"):
        Predictor.load(folder)


@pytest.mark.parametrize(("device", "message"), [("tpu", "expected auto"), ("cuda:99", "CUDA devices")])
def test_a_device_that_is_not_there_is_refused(tiny_model: Path, device: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        Predictor.load(tiny_model, device=device)


def articles() -> list[str]:
    seed = (Path(__file__).parent.parent / "seeds" / "deir-ez-zor.txt").read_text("utf-8")
    lines = [line for line in seed.splitlines() if line]
    return [seed, lines[0], "\n".join(lines[3:5]), lines[5] * 3, "", lines[-3]]


def scores(article: Article) -> list[tuple[str, int, int, float]]:
    return [(s.label, s.start_char, s.end_char, s.score or 0.0) for s in article.spans]


def test_an_article_reads_the_same_alone_in_any_batch_and_in_any_order(tiny_model: Path) -> None:
    texts = articles()
    alone = [scores(Predictor.load(tiny_model, device="cpu", precision="fp32").predict(text)) for text in texts]
    assert len(alone[0]) > 20
    for order in ([0, 1, 2, 3, 4, 5], [5, 3, 0, 4, 2, 1]):
        for batch_subwords in (64, 4096):
            reader = Predictor.load(tiny_model, device="cpu", precision="fp32", batch_subwords=batch_subwords)
            together = [scores(article) for article in reader.stream([texts[n] for n in order])]
            for number, got in zip(order, together, strict=True):
                assert [g[:3] for g in got] == [a[:3] for a in alone[number]]
                assert [g[3] for g in got] == pytest.approx([a[3] for a in alone[number]], abs=1e-4)


def test_the_plain_pipeline_of_transformers_reads_the_same_tags(tiny_model: Path) -> None:
    """The saved folder is an ordinary one: on normalised words, the arg max at first subwords is the same."""
    import torch
    from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline

    from rasid.infer.scorers.with_torch import load_torch_scorer
    from rasid.infer.windows import iter_windows

    text = articles()[1]
    forms = normal_forms(text, tokenize(text))
    (window,) = iter_windows(forms, read_tokenizer(tiny_model), 64, 16)
    (ours,) = load_torch_scorer(tiny_model, CONFLICT, "cpu", "fp32").score([window])
    tags = [CONFLICT.tags[number] for number in ours.argmax(-1)]

    model = AutoModelForTokenClassification.from_pretrained(tiny_model, dtype=torch.float32)
    reader = pipeline(
        "token-classification", model=model, tokenizer=AutoTokenizer.from_pretrained(tiny_model), ignore_labels=[]
    )
    theirs = reader(" ".join(forms))
    starts = [sum(len(form) + 1 for form in forms[:n]) for n in range(len(forms))]
    by_start = {piece["start"]: piece["entity"] for piece in theirs}
    assert tags == [by_start[start] for start in starts]
