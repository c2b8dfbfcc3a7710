"""Encoders: where a run's weights and tokenizer come from, and what is refused."""

import json
import pickle
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from rasid.infer.errors import ModelError
from rasid.infer.scheme import CONFLICT, Scheme, SpanLabel
from rasid.train.encoders.classifiers import load_classifier, load_tokenizer, read_vocabulary, wordpiece_tokenizer
from rasid.train.encoders.folders import find_encoder
from rasid.train.settings.run_config import ModelConfig, Shape, TrainConfig
from rasid.train.tuning.optimiser import make_optimiser
from rasid.train.tuning.start import start_model

PLACES = Scheme("places", (SpanLabel("TOWN", "LOC"),))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RASID_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def pickled(tiny_encoder: Path, tmp_path: Path) -> Path:
    """The tiny encoder as older ones lie on the hub: a pickle and nothing else."""
    folder = tmp_path / "pickled"
    shutil.copytree(tiny_encoder, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    torch.save(load_file(tiny_encoder / "model.safetensors"), folder / "pytorch_model.bin")
    return folder


def config(**values: object) -> ModelConfig:
    return ModelConfig.model_validate({"encoder": "x", "max_subwords": 128, "overlap_subwords": 32} | values)


def test_a_pickled_encoder_is_converted_once_and_says_so(pickled: Path, tiny_encoder: Path, cache: Path) -> None:
    said: list[str] = []
    folder = find_encoder(str(pickled), said.append)
    assert folder.is_relative_to(cache)
    assert len(said) == 1
    assert str(folder) in said[0]
    assert not list(folder.glob("*.bin"))
    stored = load_file(folder / "model.safetensors")
    assert all(torch.equal(stored[name], t) for name, t in load_file(tiny_encoder / "model.safetensors").items())
    load_classifier(folder, config(), CONFLICT)
    assert load_tokenizer(folder).get_vocab() == load_tokenizer(tiny_encoder).get_vocab()
    assert find_encoder(str(pickled), said.append) == folder
    assert len(said) == 1


class _Harm:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("harm done",))


def test_a_pickle_that_runs_code_is_refused(pickled: Path, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (pickled / "pytorch_model.bin").open("wb") as file:
        pickle.dump({"weight": _Harm()}, file, protocol=2)
    with pytest.raises(ModelError, match="holds more than weights"):
        find_encoder(str(pickled), print)
    assert "harm" not in capsys.readouterr().out
    assert not any((cache / "encoders").glob("*")) if cache.exists() else True


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"expected an encoder with model\.safetensors"):
        find_encoder(str(tmp_path), print)
    with pytest.raises(ModelError, match="OWNER/NAME"):
        find_encoder("no-such-folder", print)


def test_a_fresh_encoder_keeps_the_shape_and_no_weights(tiny_encoder: Path) -> None:
    stored, _ = load_classifier(tiny_encoder, config(), PLACES)
    fresh, kept = load_classifier(tiny_encoder, config(fresh_encoder=True), PLACES)
    assert not kept
    old, new = stored.state_dict(), fresh.state_dict()
    assert {name: w.shape for name, w in new.items()} == {name: w.shape for name, w in old.items()}
    assert not any(torch.equal(w, old[name]) for name, w in new.items() if w.dim() == 2)


def test_the_classifier_is_kept_only_for_the_same_tags(tiny_encoder: Path, tmp_path: Path) -> None:
    model, kept = load_classifier(tiny_encoder, config(), PLACES)
    assert not kept
    assert model.config.id2label == {0: "O", 1: "B-TOWN", 2: "I-TOWN"}
    model.save_pretrained(tmp_path / "places")
    again, kept = load_classifier(tmp_path / "places", config(), PLACES)
    assert kept
    assert torch.equal(again.classifier.weight, model.classifier.weight)
    fresh, kept = load_classifier(tmp_path / "places", config(fresh_head=True), PLACES)
    assert not kept
    assert not torch.equal(fresh.classifier.weight, model.classifier.weight)
    renamed = Scheme("rivers", (SpanLabel("RIVER", "LOC"),))
    other, kept = load_classifier(tmp_path / "places", config(), renamed)
    assert not kept
    assert other.config.id2label[1] == "B-RIVER"
    assert not torch.equal(other.classifier.weight, model.classifier.weight)
    wider, _ = load_classifier(tmp_path / "places", config(), CONFLICT)
    assert wider.classifier.weight.shape[0] == len(CONFLICT.tags)
    assert torch.equal(
        wider.base_model.embeddings.word_embeddings.weight, model.base_model.embeddings.word_embeddings.weight
    )


def test_another_architecture_keeps_what_it_was_pretrained_with(tiny_encoder: Path, tmp_path: Path) -> None:
    from transformers import ModernBertConfig, ModernBertForMaskedLM

    tokenizer = load_tokenizer(tiny_encoder)
    special = {f"{name}_token_id": getattr(tokenizer, f"{name}_token_id") for name in ("pad", "cls", "sep")}
    special |= {"bos_token_id": tokenizer.cls_token_id, "eos_token_id": tokenizer.sep_token_id}
    shape = ModernBertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48,
        max_position_embeddings=128, **special,
    )  # fmt: skip
    pretrained = ModernBertForMaskedLM(shape)
    pretrained.save_pretrained(tmp_path)
    model, kept = load_classifier(tmp_path, config(dropout=0.1), CONFLICT)
    assert not kept
    for name in ("model.layers.1.mlp.Wi.weight", "head.dense.weight"):
        assert torch.equal(model.state_dict()[name], pretrained.state_dict()[name])
    groups = make_optimiser(model, TrainConfig(learning_rate=0.1, head_learning_rate=0.5, layer_decay=0.5)).param_groups
    assert sorted({group["lr"] for group in groups}) == pytest.approx([0.025, 0.05, 0.1, 0.5])


def test_half_precision_weights_are_trained_in_full(tiny_encoder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "half"
    shutil.copytree(tiny_encoder, folder)
    weights = {name: tensor.half() for name, tensor in load_file(folder / "model.safetensors").items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    shape = json.loads((folder / "config.json").read_text("utf-8")) | {"dtype": "float16"}
    (folder / "config.json").write_text(json.dumps(shape), "utf-8")
    model, _ = load_classifier(folder, config(), CONFLICT)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}


def test_windows_longer_than_the_encoder_reads_are_refused(tiny_encoder: Path) -> None:
    with pytest.raises(ModelError, match=r"at most 128 subwords; set model\.max_subwords to that or less, found 512"):
        load_classifier(tiny_encoder, config(max_subwords=512), CONFLICT)


def test_dropout_is_the_configs(tiny_encoder: Path) -> None:
    model, _ = load_classifier(tiny_encoder, config(dropout=0.25, classifier_dropout=0.5), CONFLICT)
    rates = {name: module.p for name, module in model.named_modules() if isinstance(module, torch.nn.Dropout)}
    assert rates.pop("dropout") == 0.5
    assert set(rates.values()) == {0.25}


def test_letters_keep_their_hamza_and_addresses_are_one_subword(tiny_vocabulary: list[str], tmp_path: Path) -> None:
    tokenizer = wordpiece_tokenizer(tiny_vocabulary)
    pieces = tokenizer.tokenize(["أؤئإآ", "[رابط]", "é"], is_split_into_words=True)
    assert "".join(pieces[:5]).replace("##", "") == "أؤئإآ"
    assert pieces[5:] == ["[رابط]", "[UNK]"]
    # A folder that has only vocab.txt is read the same way.
    (tmp_path / "vocab.txt").write_text("\n".join(tiny_vocabulary) + "\n", "utf-8")
    assert load_tokenizer(tmp_path).get_vocab() == tokenizer.get_vocab()


def test_a_faulty_vocabulary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    with pytest.raises(ModelError, match="no such vocabulary"):
        read_vocabulary(path)
    path.write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n", "utf-8")
    with pytest.raises(ModelError, match=r"there is no \[MASK\]"):
        read_vocabulary(path)
    path.write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nا\nا\n", "utf-8")
    with pytest.raises(ModelError, match="'ا' is there twice"):
        read_vocabulary(path)


def test_a_random_encoder_has_the_shape_and_the_same_vocabulary_each_time() -> None:
    shape = Shape(hidden_size=32, layers=3, heads=4, intermediate_size=48, positions=64)
    texts = ["قصف الجيش المدينة", "نفى الجيش قصف المدينة"]
    drawn = []
    for _ in range(2):
        torch.manual_seed(1)
        model, tokenizer = start_model(
            config(encoder="random", shape=shape, max_subwords=64, vocabulary_size=100), CONFLICT, texts, print
        )
        drawn.append((tokenizer.get_vocab(), model.state_dict()))
    (vocabulary, weights), (again, same) = drawn
    assert vocabulary == again
    assert all(torch.equal(weights[name], same[name]) for name in weights)
    assert {"الجيش", "قصف", "##ش", "[رابط]"} <= vocabulary.keys()
    assert model.config.num_hidden_layers == 3
    assert weights["bert.embeddings.word_embeddings.weight"].shape == (len(vocabulary), 32)
