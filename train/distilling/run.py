"""`rasid-train distill`: a fine-tuned teacher into a smaller student, for one seed or several.

    distill("distill-compact", ["teacher.model=runs/arabert/model"])

Two steps: the teacher labels raw text once (`labelling`), then each seed's student learns from the labels and from
annotated articles (`seed_run`). The folder is that of a training run, with `teacher.json` beside each result: how
near the student came.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from accelerate import Accelerator
from rich.console import Console

from ...infer.articles import Article
from ..accelerators import make_accelerator
from ..run_folder import claim_folder, seed_folder
from ..settings.files import load_config_as, require_data
from ..tuning.material import Material, read_material
from ..tuning.run import RunResult, run_machine, sum_up
from .config import DistillConfig
from .labelling import RawText, find_texts, label_texts
from .labels import Labels
from .seed_run import Lesson, distill_seed
from .teacher import Teacher, TeacherFolder, find_teacher

__all__ = ["distill", "distill_config"]


def distill(
    config: str | Path,
    overrides: Sequence[str] = (),
    *,
    resume: bool = False,
    overwrite: bool = False,
    console: Console | None = None,
) -> RunResult:
    """Read a config by name or path, apply `key.path=value` overrides and run it; see `distill_config`.

    Raises ConfigError that lists all mistakes of the config, or all of its data that is not there.
    """
    checked = load_config_as(DistillConfig, config, overrides)
    require_data(checked)
    return distill_config(checked, resume=resume, overwrite=overwrite, console=console)


def distill_config(
    config: DistillConfig, *, resume: bool = False, overwrite: bool = False, console: Console | None = None
) -> RunResult:
    """Label the texts, train every seed's student and write the run's folder; under torchrun every process calls this.

    `resume` goes on with a run that was stopped, to the same weights bit by bit on a CPU; labels there already are
    taken as they are in any case. Raises RunError for a folder that is taken or cannot be resumed, a teacher of another
    scheme or texts with nothing to learn from; InputError for texts or articles that cannot be read; ModelError or
    HubError for a teacher or an encoder that cannot be had.
    """
    console = console or Console(stderr=True)
    with run_machine(config):
        accelerator = make_accelerator(config.run.device, config.train.precision)

        def say(line: str) -> None:
            if accelerator.is_main_process:
                console.print(line, highlight=False, markup=False, soft_wrap=True)

        found = find_teacher(config.teacher, config.data.label_scheme())
        texts = find_texts(config, say)
        material = read_material(config, say)
        folder = claim_folder(config, accelerator, resume=resume, overwrite=overwrite)
        lesson = _lesson(config, texts, found, material, accelerator, say)
        results = [
            distill_seed(config, seed, seed_folder(config, seed), lesson, accelerator, console, resume=resume)
            for seed in config.run.seeds
        ]
    result = RunResult(folder, tuple(done for done in results if done is not None))
    if result.seeds:
        sum_up(result, console)
    return result


def _lesson(
    config: DistillConfig,
    texts: RawText,
    found: TeacherFolder,
    material: Material,
    accelerator: Accelerator,
    say: Callable[[str], None],
) -> Lesson:
    device = str(accelerator.device)
    with accelerator.main_process_first():
        labels = label_texts(config, texts, found, material, device, say)
    readings: dict[str, list[Article]] = {}
    if accelerator.is_main_process:
        teacher = Teacher(found, config.teacher, device)
        for name, articles in (("dev", material.dev), ("test", material.test)):
            if articles is not None:
                readings[name] = teacher.read(articles)
    return Lesson(material, labels, _record(texts, found, labels), readings)


def _record(texts: RawText, found: TeacherFolder, labels: Labels) -> dict[str, Any]:
    """What rasid.json and the card say of the teacher and what it read."""
    checksums = found.checksums()
    return {
        "name": str(found.info),
        "run": found.info.run.get("name"),
        "weights": next(checksum for name, checksum in checksums.items() if name.endswith(".safetensors")),
        "texts": texts.checksums,
        "labels": {"words": labels.words, "passages": len(labels)},
    }
