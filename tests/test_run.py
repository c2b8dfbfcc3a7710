"""A run from a config: what its folder holds, and what it refuses."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from training_config import write_config

from rasid.infer.errors import ConfigError, ModelError, RunError
from rasid.infer.formats.corpus import read_corpus
from rasid.infer.model_folder import read_info, refuse_pickles
from rasid.infer.predictor import Predictor
from rasid.infer.scheme import CONFLICT
from rasid.train.judging.scoring import score_spans
from rasid.train.tuning.run import RunResult, run


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, annotated_articles: Path) -> RunResult:
    """A finished run of two seeds."""
    folder = tmp_path_factory.mktemp("run")
    config = write_config(folder, annotated_articles, epochs=12, average='"best"', patience=8)
    return run(config, [f"run.out={folder / 'runs'}", "run.seeds=[1, 2]", "loss.class_weights=inverse_sqrt"])


def metrics(folder: Path, kind: str) -> list[dict[str, float]]:
    lines = (folder / "metrics.jsonl").read_text("utf-8").splitlines()
    return [line for line in map(json.loads, lines) if line["kind"] == kind]


def test_the_folder_holds_what_is_needed_to_judge_and_repeat_the_run(finished: RunResult) -> None:
    folder = finished.folder
    config = json.loads((folder / "config.json").read_text("utf-8"))
    assert config["run"]["seeds"] == [1, 2]
    assert config["loss"]["class_weights"] == "inverse_sqrt"
    environment = json.loads((folder / "environment.json").read_text("utf-8"))
    assert {"python", "platform", "packages", "commit", "threads"} <= environment.keys()
    for seed in (1, 2):
        one = folder / f"seed-{seed}"
        assert metrics(one, "train")
        assert metrics(one, "dev")
        assert list((one / "tensorboard").iterdir())
        assert len(list((one / "checkpoints").iterdir())) == 1
        for name in ("report.json", "report.md", "report.html"):
            assert (one / "report" / "dev" / name).is_file()
        assert not (one / "snapshots").exists()


def test_the_loss_falls(finished: RunResult) -> None:
    losses = [line["loss"] for line in metrics(finished.folder / "seed-1", "train")]
    assert losses[-1] < 0.7 * losses[0]


def test_several_seeds_give_mean_and_spread(finished: RunResult) -> None:
    summary = json.loads((finished.folder / "summary.json").read_text("utf-8"))
    f1 = [seed["dev_f1"] for seed in summary["seeds"]]
    assert len(f1) == 2
    assert summary["dev_f1"]["mean"] == pytest.approx(np.mean(f1))
    assert summary["dev_f1"]["spread"] == pytest.approx(np.std(f1, ddof=1))
    assert finished.model_folder == finished.folder / summary["model"]
    weights = [(finished.folder / f"seed-{seed}" / "model/model.safetensors").read_bytes() for seed in (1, 2)]
    assert weights[0] != weights[1]


def test_the_model_folder_loads_with_transformers_and_holds_no_pickle(finished: RunResult) -> None:
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    folder = finished.model_folder
    refuse_pickles(folder)
    model = AutoModelForTokenClassification.from_pretrained(folder)
    assert tuple(model.config.id2label[n] for n in range(model.config.num_labels)) == CONFLICT.tags
    assert len(AutoTokenizer.from_pretrained(folder)) == model.config.vocab_size
    info = read_info(folder)
    assert (str(info), info.scheme, info.max_subwords) == ("rasid-small 7", CONFLICT, 48)
    assert info.run["articles"]["train"] == {"articles/train": 4}


def test_the_kept_model_scores_what_the_run_says(finished: RunResult, annotated_articles: Path) -> None:
    gold = read_corpus(annotated_articles / "dev")
    predictor = Predictor.load(finished.model_folder, device="cpu")
    f1 = score_spans(gold, [predictor.predict(article.without_annotation()) for article in gold]).overall.f1
    assert f1 == pytest.approx(finished.best.dev_f1)
    best = max(line["f1"] for line in metrics(finished.model_folder.parent, "dev"))
    assert f1 >= best
    report = json.loads((finished.model_folder.parent / "report/dev/report.json").read_text("utf-8"))
    assert json.dumps(round(f1, 3))[:5] in json.dumps(report)


def test_the_card_says_data_scores_and_limits(finished: RunResult) -> None:
    card = (finished.model_folder / "README.md").read_text("utf-8")
    assert card.startswith("---\nlanguage: ar\n")
    assert "| train | articles/train | 4 | 60 | composed for the tests | Apache-2.0 |" in card
    assert "| all labels | " in card
    assert f"{finished.best.dev_f1:.3f} [" in card
    assert "## Limits" in card
    assert str(finished.folder) not in card + (finished.model_folder / "rasid.json").read_text("utf-8")


def test_a_finished_run_is_neither_overwritten_nor_trained_again(finished: RunResult, annotated_articles: Path) -> None:
    config = finished.folder / "config.json"
    before = {path: path.read_bytes() for path in sorted(finished.folder.rglob("*")) if path.is_file()}
    with pytest.raises(RunError, match=r"--resume.*run\.name.*--overwrite"):
        run(config)
    assert run(config, resume=True).seeds == finished.seeds
    assert {path: path.read_bytes() for path in sorted(finished.folder.rglob("*")) if path.is_file()} == before


def test_a_run_is_resumed_only_with_its_own_config(finished: RunResult, tmp_path: Path) -> None:
    config = finished.folder / "config.json"
    with pytest.raises(RunError, match=r"train\.epochs was 12, is 13"):
        run(config, ["train.epochs=13"], resume=True)
    with pytest.raises(RunError, match="no run to resume"):
        run(config, [f"run.out={tmp_path}"], resume=True)


def test_overwriting_replaces_a_run_and_nothing_else(finished: RunResult, tmp_path: Path) -> None:
    config = finished.folder / "config.json"
    name = finished.folder.name
    mine = tmp_path / name / "notes.txt"
    mine.parent.mkdir()
    mine.write_text("mine", "utf-8")
    with pytest.raises(RunError, match="not the folder of a run"):
        run(config, [f"run.out={tmp_path}"], overwrite=True)
    assert mine.exists()
    (tmp_path / name / "config.json").write_text("{}", "utf-8")
    overrides = [f"run.out={tmp_path}", "train.max_steps=1", "run.seeds=[3]"]
    assert run(config, overrides, overwrite=True).seeds[0].steps == 1
    assert not mine.exists()


def test_patience_ends_a_run_that_no_longer_improves(tmp_path: Path, annotated_articles: Path) -> None:
    config = write_config(tmp_path, annotated_articles, epochs=50, patience=3, learning_rate=1e-9)
    result = run(config, [f"run.out={tmp_path}"]).seeds[0]
    evaluations = metrics(tmp_path / "small", "dev")
    assert len(evaluations) == 4
    assert result.steps == evaluations[-1]["step"]


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
        run(config, overrides)
        losses.append([line["loss"] for line in metrics(tmp_path / name, "train")])
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def test_stored_precision_is_that_of_the_folder(tmp_path: Path, annotated_articles: Path) -> None:
    from safetensors.torch import load_file

    config = write_config(tmp_path, annotated_articles, epochs=2)
    result = run(config, [f"run.out={tmp_path}", "model.stored_precision=fp16", "train.precision=bf16"])
    weights = load_file(result.model_folder / "model.safetensors")
    assert {tensor.dtype for tensor in weights.values()} == {torch.float16}
    Predictor.load(result.model_folder, device="cpu").predict("قصف الجيش المدينة")


def test_a_run_goes_on_from_a_model_with_the_same_tags(
    finished: RunResult, tmp_path: Path, annotated_articles: Path
) -> None:
    config = write_config(tmp_path, annotated_articles, learning_rate=1e-9, max_steps=1)
    overrides = [f"run.out={tmp_path}", f"model.encoder={finished.model_folder}"]
    again = run(config, overrides)
    assert finished.best.dev_f1 > 0
    assert again.best.dev_f1 == pytest.approx(finished.best.dev_f1)
    fresh = run(
        config,
        [f"run.out={tmp_path}", f"model.encoder={finished.model_folder}", "model.fresh_head=true", "run.name=fresh"],
    )
    assert fresh.best.dev_f1 < finished.best.dev_f1


def test_another_scheme_is_learned_by_the_same_code(tmp_path: Path, annotated_articles: Path) -> None:
    sentence = ["وصل O", "خالد B-PERS", "العلي I-PERS", "إلى O", "حلب B-LOC", "أمس O", ". O", ""]
    (tmp_path / "small.conll").write_text("\n".join(sentence * 30) + "\n", "utf-8")
    data = tmp_path / "small.conll"
    scheme = 'data.scheme={name="names", families={PERS=["PERS"], LOC=["LOC"]}}'
    config = write_config(tmp_path, annotated_articles, epochs=20, batch_subwords=128)
    result = run(config, [f"run.out={tmp_path}", scheme, f"data.train={data}", f"data.dev={data}"])
    assert result.best.dev_f1 == 1.0
    article = Predictor.load(result.model_folder, device="cpu").predict("وصل خالد العلي إلى حلب أمس .")
    assert [(span.label, span.text) for span in article.spans] == [("PERS", "خالد العلي"), ("LOC", "حلب")]


def test_what_cannot_be_done_is_said_before_anything_is_written(tmp_path: Path, annotated_articles: Path) -> None:
    config = write_config(tmp_path, annotated_articles)
    here = f"run.out={tmp_path / 'runs'}"
    with pytest.raises(ConfigError, match=r"data\.dev: there is no"):
        run(config, [here, "data.dev=nowhere"])
    if not torch.cuda.is_available():
        with pytest.raises(RunError, match="no CUDA device"):
            run(config, [here, "run.device=cuda"])
    with pytest.raises(RunError, match="fp16, which needs a CUDA device"):
        run(config, [here, "train.precision=fp16"])
    assert not (tmp_path / "runs").exists()


def test_an_encoder_that_is_not_there_is_named(tmp_path: Path, annotated_articles: Path) -> None:
    config = write_config(tmp_path, annotated_articles)
    with pytest.raises(ModelError, match="there is no such folder"):
        run(config, [f"run.out={tmp_path}", "model.encoder=./nowhere"])


def test_articles_in_train_and_dev_are_pointed_out(
    tmp_path: Path, annotated_articles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(annotated_articles / "train", tmp_path / "train")
    config = write_config(tmp_path, annotated_articles, epochs=1)
    run(config, [f"run.out={tmp_path}", f"data.dev={tmp_path / 'train'}", "train.max_steps=1"])
    assert "warning: 4 of 4 articles of dev are in train as well" in capsys.readouterr().err
