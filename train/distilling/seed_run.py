"""One seed of a distillation, from the student's first weights to its model folder, card and report.

The course, the selection and the calibration are those of a training run; only the examples, the loss and what is told
of the teacher differ. What several seeds share (the labels, the articles, the machine) is `run`'s business.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from accelerate import Accelerator
from accelerate.utils import set_seed
from rich.console import Console

from ...infer.articles import Article
from ...infer.errors import RunError
from ...infer.model_folder import ModelInfo, read_tokenizer, write_info
from ...infer.predictor import Predictor
from ...infer.scorers.with_torch import load_torch_scorer
from ..judging.evaluation import Evaluation, evaluate
from ..judging.report import write_report
from ..judging.scoring import score_spans
from ..run_folder import commit_of_code, write_json
from ..tuning.calibration import fit_temperature
from ..tuning.card import write_card
from ..tuning.course import finish_seed, train_seed
from ..tuning.examples import IGNORED, article_examples, tag_counts
from ..tuning.loop import Task
from ..tuning.losses import tag_weights
from ..tuning.material import Material
from ..tuning.progress import Progress
from ..tuning.seed_run import SeedResult, run_record
from ..tuning.selection import Selection
from .card import add_teacher
from .config import DistillConfig
from .labels import Labels
from .student import start_student
from .targets import DistillLoss, passage_examples

__all__ = ["Lesson", "TeacherScore", "distill_seed"]

_VOCABULARY_PASSAGES = 20_000


@dataclass(frozen=True, slots=True)
class TeacherScore:
    """How teacher and student compare on one set of articles: strict F1 of each, and of the student's spans against
    the teacher's (`agreement`)."""

    teacher_f1: float
    student_f1: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """What all seeds learn from: articles, labels and what `record` tells of them, and the spans the teacher finds in
    the articles the student is judged by (`readings`, by the name of the data; only in the main process)."""

    material: Material
    labels: Labels
    record: dict[str, Any]
    readings: dict[str, list[Article]]


def distill_seed(
    config: DistillConfig,
    seed: int,
    folder: Path,
    lesson: Lesson,
    accelerator: Accelerator,
    console: Console,
    *,
    resume: bool,
) -> SeedResult | None:
    """Train one seed and leave its model, card and report in `folder`; every process calls this.

    With `resume` it goes on from the last checkpoint, and a seed that is finished is only read. The result is None in
    processes other than the main one.
    """
    main, material = accelerator.is_main_process, lesson.material
    result = folder / "result.json"
    if resume and result.exists():
        return SeedResult(**json.loads(result.read_text("utf-8"))) if main else None
    folder.mkdir(parents=True, exist_ok=True)

    def say(line: str) -> None:
        if main:
            console.print(line, highlight=False, markup=False, soft_wrap=True)

    set_seed(seed)
    with accelerator.main_process_first():
        start, tokenizer = start_student(config.model, material.scheme, _texts(config, lesson), say)
    info = ModelInfo(
        name=config.model.name,
        version=config.model.version,
        scheme=material.scheme,
        max_subwords=config.model.max_subwords,
        overlap_subwords=config.model.overlap_subwords,
        run=run_record(config, seed, material)
        | {"teacher": lesson.record, "distill": config.distill.model_dump(mode="json", exclude={"labels"})},
    )
    selection = Selection(folder, start, tokenizer, info, material.dev, config)
    task = _task(config, lesson, tokenizer, selection, accelerator, say)
    progress = train_seed(config, seed, folder, start, task, accelerator, console, say, resume=resume)
    done = _finish(config, seed, folder, lesson, info, selection, progress, accelerator) if main else None
    accelerator.wait_for_everyone()
    accelerator.free_memory()
    return done


def _texts(config: DistillConfig, lesson: Lesson) -> list[str]:
    """The texts a vocabulary is made of, where the student needs a new one."""
    if config.model.encoder != "random":
        return []
    passages = min(len(lesson.labels), _VOCABULARY_PASSAGES)
    return [*lesson.material.texts, *(lesson.labels.text(passage) for passage in range(passages))]


def _task(
    config: DistillConfig,
    lesson: Lesson,
    tokenizer: Any,
    selection: Selection,
    accelerator: Accelerator,
    say: Callable[[str], None],
) -> Task:
    """Passages and articles as examples with their weights in the loss, and how the student is judged."""
    scheme, windows = lesson.material.scheme, (config.model.max_subwords, config.model.overlap_subwords)
    backend = tokenizer.backend_tokenizer
    taught = passage_examples(lesson.labels, backend, len(scheme.tags), *windows)
    sources = [article_examples(source, backend, scheme, *windows) for source in lesson.material.train]
    gold = [example for source in sources for example in source]
    say(f"learning from {lesson.labels.words:,} labelled words, {sum(map(_learned, gold)):,} annotated ones")
    by_tag = tag_weights(tag_counts(gold, len(scheme.tags)), config.loss) if gold else None
    weights = [float(_learned(example)) for example in taught]
    for example in gold:
        tags = example.tags[example.tags != IGNORED]
        weights.append(config.distill.gold_weight * float(len(tags) if by_tag is None else by_tag[tags].sum()))
    repeats = [1.0] * len(taught)
    repeats += [c.repeat for c, source in zip(config.data.train, sources, strict=True) for _ in source]
    loss = DistillLoss(
        lesson.labels,
        len(scheme.tags),
        config.distill.targets,
        config.distill.temperature,
        config.distill.gold_weight,
        None if by_tag is None else by_tag.to(accelerator.device),
        config.loss.label_smoothing,
    )
    pad_id = tokenizer.pad_token_id or 0
    return Task([*taught, *gold], repeats, weights, pad_id, loss, selection.evaluate, selection.keep, packs=True)


def _learned(example: Any) -> int:
    return int(np.count_nonzero(example.tags != IGNORED))


def _finish(
    config: DistillConfig,
    seed: int,
    folder: Path,
    lesson: Lesson,
    info: ModelInfo,
    selection: Selection,
    progress: Progress,
    accelerator: Accelerator,
) -> SeedResult:
    """From the weights that were kept to the finished folder; the main process alone."""
    best, material = progress.best, lesson.material
    if best is None:
        raise RunError(f"{folder}: the run ended without an evaluation on dev")
    averaged = selection.average(progress)
    model = folder / "model"
    scorer = load_torch_scorer(model, material.scheme, str(accelerator.device), "fp32")
    tokenizer = read_tokenizer(model)
    info = replace(info, temperature=fit_temperature(scorer, tokenizer, info, material.dev))
    write_info(model, info)
    predictor = Predictor(scorer, tokenizer, info)
    evaluations: dict[str, Evaluation] = {}
    compared: dict[str, TeacherScore] = {}
    for name, articles in (("dev", material.dev), ("test", material.test)):
        if articles is not None:
            evaluations[name] = evaluate(predictor, articles, data_name=name, commit=commit_of_code())
            write_report(evaluations[name], folder / "report" / name)
            compared[name] = _compare(evaluations[name], lesson.readings[name])
    write_card(model, info, config, material, evaluations)
    add_teacher(model / "README.md", config, lesson.record, {name: asdict(score) for name, score in compared.items()})
    write_json(folder / "teacher.json", {name: asdict(score) for name, score in compared.items()})
    result = SeedResult(
        seed=seed,
        dev_f1=compared["dev"].student_f1,
        test_f1=compared["test"].student_f1 if "test" in compared else None,
        temperature=info.temperature,
        steps=progress.step,
        best_step=best.step,
        averaged=averaged is not None and averaged >= best.f1,
        seconds=round(progress.seconds, 1),
    )
    finish_seed(folder, result)
    return result


def _compare(evaluation: Evaluation, teacher: list[Article]) -> TeacherScore:
    gold = [document.gold for document in evaluation.documents]
    student = [document.predicted for document in evaluation.documents]
    return TeacherScore(
        teacher_f1=score_spans(gold, teacher).overall.f1,
        student_f1=evaluation.strict.scores.overall.f1,
        agreement=score_spans(teacher, student).overall.f1,
    )
