"""A teacher's labels of raw text make a student that reads as the teacher does, also after a kill."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from training_config import write_config
from transformers import AutoModelForTokenClassification, ModernBertConfig

from rasid.infer.errors import ConfigError, InputError, ModelError, RunError
from rasid.infer.model_folder import read_info, refuse_pickles
from rasid.infer.predictor import Predictor
from rasid.infer.scheme import CONFLICT
from rasid.infer.tokens import tokenize
from rasid.train.distilling import labelling, labels
from rasid.train.distilling.config import DistillConfig
from rasid.train.distilling.labelling import find_texts, label_texts
from rasid.train.distilling.labels import Labels, LabelWriter
from rasid.train.distilling.passages import cut_passages, known_paragraphs, stream_documents
from rasid.train.distilling.run import distill
from rasid.train.distilling.student import keep_layers
from rasid.train.distilling.targets import DistillLoss, passage_examples
from rasid.train.distilling.teacher import find_teacher
from rasid.train.encoders.classifiers import wordpiece_tokenizer
from rasid.train.run_folder import write_json
from rasid.train.settings.files import load_config_as
from rasid.train.tuning.batches import Batch
from rasid.train.tuning.checkpoints import latest_checkpoint
from rasid.train.tuning.examples import IGNORED
from rasid.train.tuning.material import read_material
from rasid.train.tuning.run import run

# Words with their tags, from which sentences are put together.
SAYS = (
    "قالت/B-REPORT وزارة/B-STATE الدفاع/I-STATE",
    "أعلن/B-REPORT الجيش/B-STATE",
    "ذكر/B-REPORT المرصد/B-SOURCE",
    "نفى/B-DENY التحالف/B-INTL",
    "أفادت/B-REPORT مصادر/B-SOURCE طبية/I-SOURCE",
)
WHAT = (
    "مقتل/B-KILLED ثلاثة/I-KILLED مدنيين/B-CIVILIAN",
    "إصابة/B-INJURED 12/I-INJURED جنديا/B-STATE",
    "قصف/O ميناء/B-SITE",
    "مقتل/B-KILLED 40/I-KILLED مسلحا/B-ARMED",
)
WHERE = ("في/O مدينة/O الرقة/B-TOWN", "قرب/O بلدة/O النهروان/B-TOWN", "شمالي/O صيدا/B-TOWN", "عند/O نهر/B-NATURAL")


def sentences(count: int, seed: int) -> list[list[tuple[str, str]]]:
    """Sentences of (word, tag) pairs."""
    generator = np.random.default_rng(seed)
    drawn = [[parts[generator.integers(len(parts))] for parts in (SAYS, WHAT, WHERE)] for _ in range(count)]
    made = [[tuple(word.split("/")) for part in parts for word in part.split(" ")] for parts in drawn]
    return [[(word, tag) for word, tag in sentence] + [(".", "O")] for sentence in made]


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with train.conll and dev.conll."""
    folder = tmp_path_factory.mktemp("annotated")
    for name, count, seed in (("train", 40, 1), ("dev", 12, 2)):
        blocks = ["\n".join(f"{word} {tag}" for word, tag in sentence) for sentence in sentences(count, seed)]
        (folder / f"{name}.conll").write_text("\n\n".join(blocks) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two files of raw text, 60 short documents together."""
    folder = tmp_path_factory.mktemp("raw")
    for name, seed in (("a", 3), ("b", 4)):
        lines = [" ".join(word for word, _ in sentence) for sentence in sentences(90, seed)]
        documents = ["\n".join(lines[n : n + 3]) for n in range(0, 90, 3)]
        (folder / f"{name}.txt").write_text("\n\n".join(documents) + "\n", "utf-8")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory, annotated: Path) -> Path:
    """A model that has learned such sentences."""
    folder = tmp_path_factory.mktemp("teacher")
    config = write_config(folder, folder, epochs=12, batch_subwords=128, evaluate_steps=10_000)
    data = [f"data.train={annotated / 'train.conll'}", f"data.dev={annotated / 'dev.conll'}"]
    return run(config, [f"run.out={folder}", *data]).model_folder


WriteConfig = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, texts: list[Path], teacher: Path, annotated: Path) -> WriteConfig:
    """Writes `tmp_path/student.toml`: a smaller student with a vocabulary of its own; `distill` adds to [distill]."""

    def write_student(epochs: int = 6, **distill: object) -> Path:
        path = tmp_path / "student.toml"
        values = {"passage_words": 24, "keep_empty_share": 1.0, "labels": f'"{tmp_path / "labels"}"'} | distill
        path.write_text(
            f"""
[teacher]
model = "{teacher}"
[model]
encoder = "random"
vocabulary_size = 200
shape = {{ hidden_size = 16, layers = 1, heads = 2, intermediate_size = 32, positions = 64 }}
max_subwords = 40
overlap_subwords = 8
dropout = 0.0
name = "rasid-student"
[data]
texts = {json.dumps([str(text) for text in texts])}
about = ["terms of the test"]
dev = "{annotated / "dev.conll"}"
[distill]
{chr(10).join(f"{key} = {value}" for key, value in values.items())}
[train]
epochs = {epochs}
batch_subwords = 256
learning_rate = 1e-2
evaluate_steps = 10000
[run]
out = "{tmp_path}"
device = "cpu"
threads = 1
log_steps = 1
""",
            "utf-8",
        )
        return path

    return write_student


def made_labels(config: Path, *overrides: str) -> Labels:
    """The first step of a distillation alone."""
    read = load_config_as(DistillConfig, config, overrides)
    found = find_teacher(read.teacher, CONFLICT)
    return label_texts(read, find_texts(read, print), found, read_material(read, print), "cpu", print)


def agreement(student: Path, teacher: Path, texts: list[Path]) -> float:
    """Share of the teacher's spans in raw text that the student finds as well."""
    text = texts[0].read_text("utf-8")
    found = [
        {(s.label, s.start_char, s.end_char) for s in Predictor.load(folder, device="cpu").predict(text).spans}
        for folder in (student, teacher)
    ]
    return len(found[0] & found[1]) / len(found[1])


def losses(folder: Path) -> list[float]:
    lines = map(json.loads, (folder / "metrics.jsonl").read_text("utf-8").splitlines())
    return [line["loss"] for line in lines if line["kind"] == "train"]


def test_a_student_learns_from_labels_alone_to_read_as_its_teacher(
    write: WriteConfig, tmp_path: Path, teacher: Path, texts: list[Path]
) -> None:
    result = distill(write(epochs=10))
    folder = tmp_path / "student"
    assert losses(folder)[-1] < 0.3 * losses(folder)[0]
    assert agreement(result.model_folder, teacher, texts) > 0.6

    refuse_pickles(result.model_folder)
    info = read_info(result.model_folder)
    assert info.scheme == CONFLICT
    assert info.run["teacher"]["name"] == "rasid-small 7"
    assert list(info.run["teacher"]["texts"]) == ["a.txt", "b.txt"]
    compared = json.loads((folder / "teacher.json").read_text("utf-8"))["dev"]
    assert 0 < compared["agreement"] <= 1
    card = (result.model_folder / "README.md").read_text("utf-8")
    for part in ("A student of `rasid-small 7`", "terms of the test", "| a.txt | `", f"{compared['teacher_f1']:.3f}"):
        assert part in card
    assert card.index("## Teacher") < card.index("## Scores")
    assert str(tmp_path) not in card + json.dumps(info.run)

    # The labels are there now: another student learns from them without the teacher.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labelling, "Teacher", None)
        again = made_labels(write(targets='"hard"', temperature=1.0))
    assert again.words == info.run["teacher"]["labels"]["words"]


# A real SIGKILL before the optimiser step after step 7.
CHILD = """
import os, signal, sys
from rasid.train.distilling.run import distill
from rasid.train.tuning.loop import Loop

take = Loop._take

def take_or_die(self, step):
    if self._progress.step == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return take(self, step)

Loop._take = take_or_die
distill(sys.argv[1], sys.argv[2:])
"""


def test_killed_in_training_and_resumed_is_bit_identical(write: WriteConfig, tmp_path: Path, annotated: Path) -> None:
    config = write(epochs=2, million_words=0.0008)
    gold = [f"data.train={annotated / 'train.conll'}", "run.checkpoint_steps=3", "train.average=ema"]
    distill(config, [*gold, "run.name=whole"])
    command = [sys.executable, "-c", CHILD, str(config), *gold, "run.name=killed"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not (tmp_path / "killed" / "result.json").exists()
    distill(config, [*gold, "run.name=killed"], resume=True)
    whole, killed = (tmp_path / name for name in ("whole", "killed"))
    last = [latest_checkpoint(folder / "checkpoints") for folder in (whole, killed)]
    assert last[0] is not None
    assert last[1] is not None
    assert last[0].name == last[1].name
    assert (last[0] / "model.safetensors").read_bytes() == (last[1] / "model.safetensors").read_bytes()
    assert (whole / "model/model.safetensors").read_bytes() == (killed / "model/model.safetensors").read_bytes()
    assert losses(whole) == losses(killed)


def test_labelling_that_was_stopped_in_mid_chunk_goes_on_without_loss_or_repeats(
    write: WriteConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelling, "_CHUNK_WORDS", 100)
    config = write()
    chunks = 0

    def write_or_stop(path: Path, value: object) -> None:
        nonlocal chunks
        chunks += 1
        if chunks == 4:
            raise KeyboardInterrupt  # the files of the chunk are written, their record is not
        write_json(path, value)

    monkeypatch.setattr(labels, "write_json", write_or_stop)
    stopped = f"distill.labels={tmp_path / 'stopped'}"
    with pytest.raises(KeyboardInterrupt):
        made_labels(config, stopped)
    (folder,) = (tmp_path / "stopped").iterdir()
    written = json.loads((folder / "written.json").read_text("utf-8"))
    assert 0 < written["text_bytes"] < (folder / "passages.txt").stat().st_size
    made_labels(config, stopped)
    made_labels(config, f"distill.labels={tmp_path / 'whole'}")
    for path in sorted((tmp_path / "whole" / folder.name).iterdir()):
        assert (folder / path.name).read_bytes() == path.read_bytes(), path.name
    assert json.loads((folder / "written.json").read_text("utf-8"))["documents"] == 60


def test_more_words_later_add_to_the_labels_there_are(tmp_path: Path) -> None:
    writer = LabelWriter(tmp_path, tags=3, kept_tags=3)
    scores = np.log(np.full((4, 3), 1 / 3, dtype=np.float32))
    writer.append([("قصف الجيش المدينة .", scores), ("نفى", scores[:1])], documents=1, words_read=5)
    again = LabelWriter(tmp_path, tags=3, kept_tags=3)
    again.append([("وصل خالد", scores[:2])], documents=1, words_read=2, complete=True)
    found = Labels(tmp_path)
    assert [found.text(n) for n in range(len(found))] == ["قصف الجيش المدينة .", "نفى", "وصل خالد"]
    assert [found.rows(n) for n in range(len(found))] == [range(4), range(4, 5), range(5, 7)]
    assert (len(Labels(tmp_path, 4)), len(Labels(tmp_path, 5)), Labels(tmp_path, 6).words) == (1, 2, 7)


def test_what_is_not_stored_of_a_distribution_is_spread_over_the_other_tags(tmp_path: Path) -> None:
    truth = np.array([[0.5, 0.3, 0.12, 0.08], [0.01, 0.02, 0.03, 0.94]], dtype=np.float32)
    LabelWriter(tmp_path, tags=4, kept_tags=2).append([("نفى ذلك", np.log(truth))], documents=1, words_read=2)
    found = Labels(tmp_path)
    rows = np.array([0, 1])
    assert np.exp(found.log_probabilities(rows)) == pytest.approx(
        np.array([[0.5, 0.3, 0.1, 0.1], [0.015, 0.015, 0.03, 0.94]]), abs=2e-3
    )
    assert found.best_tags(rows).tolist() == [0, 3]


def test_every_word_meets_its_own_label_whatever_the_subwords(tmp_path: Path, tiny_vocabulary: list[str]) -> None:
    text = "أعلن الجيش أن ١٢ جنديا قتلوا في مدينة الرقة، ونفى التحالف ذلك عبر https://a.example ."
    words = len(tokenize(text))
    scores = np.zeros((words, 5), dtype=np.float32)
    writer = LabelWriter(tmp_path, tags=5, kept_tags=5)
    writer.append([("تمهيد", scores[:1]), (text, scores)], documents=1, words_read=words + 1)
    tokenizer = wordpiece_tokenizer(tiny_vocabulary).backend_tokenizer
    examples = passage_examples(Labels(tmp_path), tokenizer, 5, 24, 8)
    assert len(examples) == 3
    learned = np.concatenate([example.tags[example.tags != IGNORED] for example in examples])
    assert learned.tolist() == list(range(5, 5 + 1 + words))


def test_the_loss_is_nothing_for_the_teachers_own_scores_and_weighs_gold_beside(tmp_path: Path) -> None:
    scores = torch.randn(2, 4, generator=torch.Generator().manual_seed(0))
    known = torch.log_softmax(scores, dim=-1).numpy()
    LabelWriter(tmp_path, tags=4, kept_tags=4).append([("نفى ذلك", known)], documents=1, words_read=2)
    batch = Batch(torch.zeros(1, 4, dtype=torch.long), torch.ones(1, 4), torch.tensor([[IGNORED, 4, 5, IGNORED]]))
    logits = torch.cat([torch.zeros(1, 4), scores, torch.zeros(1, 4)])[None]

    class Fixed:
        def __call__(self, **_: object) -> object:
            return type("Output", (), {"logits": logits})

    def loss(targets: str, temperature: float, batch: Batch, gold_weight: float = 1.0) -> float:
        made = DistillLoss(Labels(tmp_path), 4, targets, temperature, gold_weight, None, 0.0)  # type: ignore[arg-type]  # a parameter of the test, one of the literals
        return float(made(Fixed(), batch))

    assert loss("soft", 1.0, batch) == pytest.approx(0.0, abs=1e-3)
    assert loss("soft", 3.0, batch) == pytest.approx(0.0, abs=1e-2)
    assert loss("hard", 1.0, batch) == pytest.approx(-known.max(axis=1).sum(), abs=1e-4)
    gold = Batch(batch.subword_ids, batch.attention_mask, torch.tensor([[IGNORED, IGNORED, IGNORED, 2]]))
    assert loss("soft", 1.0, gold, gold_weight=3.0) == pytest.approx(3 * np.log(4), abs=1e-3)


def test_passages_hold_every_word_and_end_with_sentences(texts: list[Path]) -> None:
    long = "قال الجيش ذلك . " * 5 + "كلمة " * 30 + "؟ ثم نفى التحالف ."
    document = ["عنوان الخبر", long, "خاتمة قصيرة"]
    cut = list(cut_passages(document, 12))
    assert all(words == len(tokenize(text)) <= 12 for text, words in cut)
    assert " ".join(" ".join(text for text, _ in cut).split()) == " ".join(" ".join(document).split())
    assert cut[1][0].endswith(" ."), "a sentence was cut though it fits"
    assert list(cut_passages(document, 12, known_paragraphs([long]))) == [("عنوان الخبر\nخاتمة قصيرة", 4)]
    assert [document[0] for document in stream_documents(texts)][:2] == [
        path.read_text("utf-8").split("\n")[0] for path in texts
    ]


def test_passages_without_spans_are_kept_as_the_config_says(write: WriteConfig, tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("\n\n".join(f"قرأ كتابا {n} ." for n in range(300)), "utf-8")
    quiet = [f'data.texts=["{plain}"]', "distill.passage_words=8"]

    class Blind:
        info = "blind 0"

        def label(self, texts: list[str]) -> list[np.ndarray]:
            return [np.log(np.eye(1, 47, dtype=np.float32) + 1e-9).repeat(len(tokenize(text)), 0) for text in texts]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labelling, "Teacher", lambda *_: Blind())
        with pytest.raises(RunError, match=r"none of them to learn from.*keep_empty_share is 0"):
            made_labels(write(), *quiet, "distill.keep_empty_share=0.0")
        kept = made_labels(write(), *quiet, "distill.keep_empty_share=0.3")
    assert 0.2 < len(kept) / 300 < 0.4


def test_a_student_can_begin_with_some_layers_of_an_encoder(tiny_encoder: Path) -> None:
    model = AutoModelForTokenClassification.from_pretrained(tiny_encoder, dtype=torch.float32)
    student = keep_layers(model, [1])
    assert student.config.num_hidden_layers == 1
    old, new = model.state_dict(), student.state_dict()
    for name, tensor in new.items():
        assert torch.equal(tensor, old[name.replace("layer.0.", "layer.1.")]), name
    with pytest.raises(ModelError, match="has 2 layers, numbered from 0"):
        keep_layers(model, [0, 2])
    shape = ModernBertConfig(
        vocab_size=20, hidden_size=8, num_hidden_layers=3, num_attention_heads=2, intermediate_size=8, pad_token_id=0,
        bos_token_id=1, eos_token_id=2, cls_token_id=1, sep_token_id=2,
    )  # fmt: skip
    modern = AutoModelForTokenClassification.from_config(shape)
    assert keep_layers(modern, [0, 2]).config.num_hidden_layers == 2
    with pytest.raises(ModelError, match="cannot begin with layer 1"):
        keep_layers(modern, [1, 2])


def test_what_cannot_be_done_is_said_before_anything_is_written(
    write: WriteConfig, tmp_path: Path, tiny_encoder: Path
) -> None:
    config = write()

    def refused(kind: type[Exception], match: str, *overrides: str) -> None:
        with pytest.raises(kind, match=match):
            distill(config, overrides)

    refused(ConfigError, r"distill\.temprature: there is no such key; did you mean temperature", "distill.temprature=1")
    refused(ConfigError, r"model\.keep_layers|model: keep_layers \[1, 1\]", "model.keep_layers=[1, 1]")
    refused(ConfigError, r"data\.texts: expected at least 1", "data.texts=[]")
    refused(ConfigError, r"teacher\.model: expected words in quotes, found 3", "teacher.model=3")
    refused(InputError, "no such file or folder of raw text", 'data.texts=["nowhere.txt"]')
    refused(ModelError, "no such model folder", "teacher.model=./nowhere")
    refused(ModelError, "not a model Rasid has trained", f"teacher.model={tiny_encoder}")
    refused(ConfigError, "a student learns spans alone", "links.enabled=true")
    other = 'data.scheme={name="names", families={PERS=["PERS"], LOC=["LOC"]}}'
    refused(RunError, r"finds 23 labels of scheme 'conflict'.*read as 2 labels of scheme 'names' \(PERS, LOC\)", other)
    assert not (tmp_path / "student").exists()


def test_the_shipped_config_reads() -> None:
    config = load_config_as(DistillConfig, "distill-compact")
    assert Path(config.teacher.model).is_dir()
    assert config.model.keep_layers == (0, 1)
