"""The model card: what a model is, what it learned from, how good it is and where it fails.

A Markdown file with the front matter the Hugging Face hub reads; nothing in it is written by hand, so it cannot
claim what the run has not measured.
"""

from collections.abc import Mapping
from pathlib import Path

from ...infer.model_folder import ModelInfo
from ..judging.evaluation import Evaluation, Measured
from ..settings.run_config import RunConfig
from .card_scores import scores_section
from .material import Material
from .saving import shown_path

__all__ = ["write_card"]


def write_card(
    folder: Path, info: ModelInfo, config: RunConfig, material: Material, evaluations: Mapping[str, Evaluation]
) -> None:
    """Write README.md into a model folder; `evaluations` are those of the final model, by the name of the data."""
    parts = [
        _front_matter(info, config),
        f"# {info}\n",
        _what(info),
        _use(info),
        _data(config, material),
        scores_section(evaluations),
        _limits(info, evaluations),
        _making(info, config),
    ]
    (folder / "README.md").write_text("\n".join(parts), encoding="utf-8")


def _front_matter(info: ModelInfo, config: RunConfig) -> str:
    lines = [
        "---",
        "language: ar",
        f"license: {config.model.licence}",
        "library_name: transformers",
        "pipeline_tag: token-classification",
        f"tags: [arabic, token-classification, rasid, {info.scheme.name}]",
    ]
    if config.model.encoder.count("/") == 1 and not Path(config.model.encoder).is_absolute():
        lines.append(f"base_model: {config.model.encoder}")
    return "\n".join([*lines, "---", ""])


def _what(info: ModelInfo) -> str:
    scheme = info.scheme
    rows = [
        f"| {family} | {', '.join(label.name for label in scheme.labels if label.family == family)} |"
        for family in scheme.families
    ]
    return "\n".join(
        [
            f"Finds spans of {len(scheme.label_names)} labels in {len(scheme.families)} families (label scheme "
            f"`{scheme.name}`) in Arabic text.",
            "",
            "| family | labels |",
            "| --- | --- |",
            *rows,
            "",
        ]
    )


def _use(info: ModelInfo) -> str:
    return f"""## Use

```python
from rasid.infer import Predictor

article = Predictor.load("FOLDER").predict(text)
for span in article.spans:
    print(span.label, span.start_char, span.end_char, span.text, span.score)
for claim in article.claims:
    print(claim.stance, claim.holders, claim.targets, claim.casualties, claim.score)
```

The folder also loads with transformers' `AutoModelForTokenClassification`, but then normalising the words, covering
long articles by windows of {info.max_subwords} subwords, decoding and calibrating are left to you.
"""


def _data(config: RunConfig, material: Material) -> str:
    rows = ["| role | data | articles | spans | what | licence |", "| --- | --- | --- | --- | --- | --- |"]
    sources = [("train", source, articles) for source, articles in zip(config.data.train, material.train, strict=True)]
    sources.append(("dev", config.data.dev, material.dev))  # type: ignore[arg-type]  # a dev source has no repeat
    if config.data.test is not None and material.test is not None:
        sources.append(("test", config.data.test, material.test))  # type: ignore[arg-type]
    for role, source, articles in sources:
        spans = sum(len(article.spans) for article in articles)
        about, licence = source.about or "not stated", source.licence or "not stated"
        rows.append(f"| {role} | {shown_path(source.path)} | {len(articles):,} | {spans:,} | {about} | {licence} |")
    return "\n".join(
        [
            "## Data",
            "",
            *rows,
            "",
            "The weights carry what they learned from these texts; where a licence asks something of those who use the "
            "texts, take it to hold for the weights as well. The encoder's own licence and data come on top "
            f"(`{shown_path(config.model.encoder)}`).",
            "",
        ]
    )


def _limits(info: ModelInfo, evaluations: Mapping[str, Evaluation]) -> str:
    lines = [
        "## Limits",
        "",
        "- Trained on news in Modern Standard Arabic; expect less on dialect, social media and other topics.",
        "- A span says what the text says, not what happened: reported figures and accusations are not verified.",
        "- The scores hold for data like this; measure on articles of your own before you rely on them.",
    ]
    measured = next(iter(evaluations.values())).strict
    weak = _weakest(measured)
    if weak:
        lines.append(f"- Weakest labels here: {', '.join(f'{label} (F1 {f1:.2f})' for label, f1 in weak)}.")
    rare = [label for label in info.scheme.label_names if measured.scores.by_label[label].gold == 0]
    if rare:
        lines.append(f"- Not measured, because the data has none: {', '.join(rare)}.")
    return "\n".join([*lines, ""])


def _weakest(measured: Measured) -> list[tuple[str, float]]:
    known = [(label, counts.f1) for label, counts in measured.scores.by_label.items() if counts.gold]
    return sorted(known, key=lambda item: item[1])[:3]


def _making(info: ModelInfo, config: RunConfig) -> str:
    train = config.train
    return "\n".join(
        [
            "## Making",
            "",
            f"Run `{info.run.get('name')}`, seed {info.run.get('seed')}, rasid {info.run.get('rasid')}; encoder "
            f"`{shown_path(config.model.encoder)}`, at most {train.epochs} epochs of steps of {train.batch_subwords:,} "
            f"subwords, learning rate {train.learning_rate:g} with {train.schedule} decay, layer decay "
            f"{train.layer_decay:g}. The temperature of the scores, {info.temperature:.3f}, was fitted on dev. "
            "All of it is in `rasid.json`.",
            "",
        ]
    )
