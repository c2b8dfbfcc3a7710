"""One seed of a run, from the encoder to a model folder with its card and report.

The loop and its resuming are in `course`, what is kept in `selection`; what several seeds share (the folder, the
articles, the machine) is `run`'s business.
"""

import json
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from accelerate import Accelerator
from accelerate.utils import set_seed
from rich.console import Console

from ...infer.claims.calibration import write_calibration
from ...infer.claims.facts_of import FactReader
from ...infer.errors import RunError
from ...infer.links.choosing import load_linker, write_settings
from ...infer.links.head import load_link_head
from ...infer.model_folder import ModelInfo, read_tokenizer, write_info
from ...infer.predictor import Predictor
from ...infer.scheme import CONFLICT
from ...infer.scorers.with_torch import load_torch_scorer
from ..judging.evaluation import Evaluation, evaluate
from ..judging.report import write_report
from ..run_folder import commit_of_code
from ..settings.run_config import RunConfig
from .calibration import fit_temperature
from .card import write_card
from .claim_fitting import fit_claims
from .course import finish_seed, train_seed
from .examples import IGNORED, article_examples, tag_counts
from .link_examples import link_windows
from .link_fitting import fit_links
from .link_module import LinkedTagger, LinkModule
from .link_task import LinkLesson
from .loop import Task
from .losses import tag_loss, tag_weights
from .material import Material
from .progress import Progress
from .saving import shown_path
from .selection import Selection
from .start import start_model

__all__ = ["SeedResult", "run_record", "run_seed"]


@dataclass(frozen=True, slots=True)
class SeedResult:
    """How a seed came out: strict F1 of the kept model's spans (`test_f1` None without a test set) and of its links
    between gold spans of dev (None where the scheme has none), steps and time."""

    seed: int
    dev_f1: float
    test_f1: float | None
    temperature: float
    steps: int
    best_step: int
    averaged: bool
    seconds: float
    dev_link_f1: float | None = None


def run_seed(
    config: RunConfig,
    seed: int,
    folder: Path,
    material: Material,
    accelerator: Accelerator,
    console: Console,
    *,
    resume: bool,
) -> SeedResult | None:
    """Train one seed and leave its model, card and report in `folder`; every process calls this.

    With `resume` it goes on from the last checkpoint, and a seed that is finished is only read. The result is None in
    processes other than the main one.
    """
    main = accelerator.is_main_process
    result = folder / "result.json"
    if resume and result.exists():
        return SeedResult(**json.loads(result.read_text("utf-8"))) if main else None
    folder.mkdir(parents=True, exist_ok=True)

    def say(line: str) -> None:
        if main:
            console.print(line, highlight=False, markup=False, soft_wrap=True)

    set_seed(seed)
    with accelerator.main_process_first():
        start, tokenizer = start_model(config.model, material.scheme, material.texts, say)
    info = ModelInfo(
        name=config.model.name,
        version=config.model.version,
        scheme=material.scheme,
        max_subwords=config.model.max_subwords,
        overlap_subwords=config.model.overlap_subwords,
        run=run_record(config, seed, material),
    )
    if config.links.enabled:
        start = LinkedTagger(start, LinkModule(material.scheme, start.config.hidden_size, config.links))
    selection = Selection(folder, start, tokenizer, info, material.dev, config)
    task = _task(config, seed, material, tokenizer, selection, accelerator)
    progress = train_seed(config, seed, folder, start, task, accelerator, console, say, resume=resume)
    done = _finish(config, seed, folder, material, info, selection, progress, accelerator) if main else None
    accelerator.wait_for_everyone()
    accelerator.free_memory()
    return done


def _task(
    config: RunConfig, seed: int, material: Material, tokenizer: Any, selection: Selection, accelerator: Accelerator
) -> Task:
    """The examples with their weights in the loss, and how the model is judged."""
    sizes = (config.model.max_subwords, config.model.overlap_subwords)
    subwords = tokenizer.backend_tokenizer
    windows = [article_examples(source, subwords, material.scheme, *sizes) for source in material.train]
    examples = [example for source in windows for example in source]
    if not examples:
        raise RunError("the training articles have no words")
    repeats = [c.repeat for c, source in zip(config.data.train, windows, strict=True) for _ in source]
    by_tag = tag_weights(tag_counts(examples, len(material.scheme.tags)), config.loss)
    learned = [example.tags[example.tags != IGNORED] for example in examples]
    weights = [float(len(tags) if by_tag is None else by_tag[tags].sum()) for tags in learned]
    on_device = None if by_tag is None else by_tag.to(accelerator.device)

    def of_tags(logits: Any, tags: Any) -> Any:
        return tag_loss(logits, tags, on_device, config.loss.label_smoothing)

    def loss(model: Any, batch: Any) -> Any:
        return of_tags(model(**batch.inputs()).logits, batch.tags)

    if config.links.enabled:
        reach = config.links.reach_words
        by_source = [link_windows(source, subwords, *sizes, reach) for source in material.train]
        lesson = LinkLesson([window for source in by_source for window in source], config.links, seed)

        def loss(model: Any, batch: Any) -> Any:
            return lesson.loss(model, batch, of_tags)

    pad_id = tokenizer.pad_token_id or 0
    return Task(examples, repeats, weights, pad_id, loss, selection.evaluate, selection.keep, packs=True)


def _finish(
    config: RunConfig,
    seed: int,
    folder: Path,
    material: Material,
    info: ModelInfo,
    selection: Selection,
    progress: Progress,
    accelerator: Accelerator,
) -> SeedResult:
    """From the weights that were kept to the finished folder; the main process alone."""
    best = progress.best
    if best is None:
        raise RunError(f"{folder}: the run ended without an evaluation on dev")
    averaged = selection.average(progress)
    model = folder / "model"
    scorer = load_torch_scorer(model, material.scheme, str(accelerator.device), "fp32")
    tokenizer = read_tokenizer(model)
    info = replace(info, temperature=fit_temperature(scorer, tokenizer, info, material.dev))
    write_info(model, info)
    head = load_link_head(model, info.scheme)
    if head is not None:
        write_settings(model, fit_links(scorer, tokenizer, info, head, config.links.reach_words, material.dev))
    predictor = Predictor(scorer, tokenizer, info, linker=load_linker(model, info.scheme))
    facts = FactReader.load() if info.scheme == CONFLICT else None
    evaluations: dict[str, Evaluation] = {}
    for name, articles in (("dev", material.dev), ("test", material.test)):
        if articles is not None:
            evaluations[name] = evaluate(
                predictor,
                articles,
                data_name=name,
                linker=predictor.links_between,
                facts=facts,
                linker_name="rules" if head is None else "head",
                commit=commit_of_code(),
            )
            write_report(evaluations[name], folder / "report" / name)
    if facts is not None:
        read = [(facts(document.gold), facts(document.predicted)) for document in evaluations["dev"].documents]
        calibration = fit_claims(read)
        if calibration is not None:
            write_calibration(model, calibration)
    write_card(model, info, config, material, evaluations)
    f1 = {name: evaluation.strict.scores.overall.f1 for name, evaluation in evaluations.items()}
    result = SeedResult(
        seed=seed,
        dev_f1=f1["dev"],
        test_f1=f1.get("test"),
        temperature=info.temperature,
        steps=progress.step,
        best_step=best.step,
        averaged=averaged is not None and averaged >= best.f1,
        seconds=round(progress.seconds, 1),
        dev_link_f1=links.given_gold_spans.scores.overall.f1 if (links := evaluations["dev"].links) else None,
    )
    finish_seed(folder, result)
    return result


def run_record(config: RunConfig, seed: int, material: Material) -> dict[str, Any]:
    """What rasid.json says of the run; folders by their last names, since a model travels."""
    sources = [(source.path, articles) for source, articles in zip(config.data.train, material.train, strict=True)]
    data = {
        "train": {shown_path(path): len(articles) for path, articles in sources},
        "dev": {shown_path(config.data.dev.path): len(material.dev)},
    }
    return {
        "name": config.run.name,
        "seed": seed,
        "encoder": shown_path(config.model.encoder),
        "articles": data,
        "train": config.train.model_dump(mode="json"),
        "loss": config.loss.model_dump(mode="json"),
        "links": config.links.model_dump(mode="json"),
        "rasid": version("rasid"),
        "commit": commit_of_code(),
    }
