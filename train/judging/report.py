"""Written reports of an evaluation: `report.json` for programs, `report.md` for a terminal or a commit, and one
self-contained `report.html` for a person.

    write_report(evaluation, "out")

The HTML needs no network and holds the full text of the articles it shows. What the numbers are is
`report_json`'s business, how articles are cut up `report_articles`', the plots `report_plots`'.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...infer.errors import MissingExtraError, RunError
from .evaluation import Evaluation
from .report_articles import COLOURS, OUTCOME_WORDS, family_colours, view_articles
from .report_json import report_to_json

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render_html", "render_markdown", "write_report"]

_TEMPLATES = Path(__file__).parent / "templates"


def write_report(evaluation: Evaluation, out_folder: str | Path, *, max_articles: int = 200) -> Path:
    """Write `report.json`, `report.md` and `report.html` into a folder, made if need be; returns the HTML's path.

    The HTML shows the `max_articles` articles with the most errors and says how many it leaves out; scores and
    JSON always cover all. Reports already there are replaced; nothing is written unless all three could be made.
    Raises RunError if the folder cannot be written, MissingExtraError without the `train` extra.
    """
    folder = Path(out_folder)
    facts = report_to_json(evaluation)
    files = {
        "report.json": json.dumps(facts, ensure_ascii=False, indent=1) + "\n",
        "report.md": render_markdown(evaluation, facts),
        "report.html": render_html(evaluation, facts, max_articles=max_articles),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content.encode("utf-8"))
    except OSError as error:
        raise RunError(f"{folder}: the evaluation report cannot be written there ({error.strerror})") from error
    return folder / "report.html"


def render_markdown(evaluation: Evaluation, facts: dict[str, Any]) -> str:
    """The report as Markdown; `facts` is `report_to_json` of the evaluation."""
    return _environment().get_template("report.md.j2").render(_context(evaluation, facts))


def render_html(evaluation: Evaluation, facts: dict[str, Any], *, max_articles: int = 200) -> str:
    """The report as one HTML page; `facts` is `report_to_json` of the evaluation."""
    environment = _environment()
    from markupsafe import Markup

    from .report_plots import plot_f1, plot_reliability

    reliability = evaluation.reliability
    plots = {
        "f1": Markup(plot_f1(evaluation)),
        "reliability": Markup(plot_reliability(reliability)) if reliability else None,
    }
    articles = view_articles(evaluation.documents, evaluation.scheme, max_articles)
    context = _context(evaluation, facts) | {"plots": plots, "articles": articles}
    return environment.get_template("report.html.j2").render(context)


def _context(evaluation: Evaluation, facts: dict[str, Any]) -> dict[str, Any]:
    scheme = evaluation.scheme
    families = [label.family for label in scheme.labels]
    starts = [at for at in range(1, len(families)) if families[at] != families[at - 1]]
    return {
        "report": facts,
        "spans": facts["spans"],
        "links": facts["links"],
        "claims": facts["claims"],
        "outcome_names": {outcome.value: words for outcome, words in OUTCOME_WORDS.items()},
        "members": {family: [x.name for x in scheme.labels if x.family == family] for family in scheme.families},
        "colours": COLOURS,
        "family_colours": family_colours(scheme),
        "family_starts": [*starts, len(families)],
        "confusions": evaluation.confusion.common(12),
    }


def _environment() -> "Environment":
    try:
        import jinja2
        import matplotlib  # noqa: F401  # asked for here, so that one message covers the whole report
    except ImportError as error:
        raise MissingExtraError("train", "an evaluation report") from error

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"percent": _percent, "interval": _interval, "number": _number, "cell": _cell}
    return environment


def _percent(rate: float | None) -> str:
    """A rate in percent with one decimal: 0.7184 is 71.8; what is not known is a dash."""
    return "–" if rate is None else f"{100 * rate:.1f}"


def _interval(ends: list[float] | None) -> str:
    return "–" if ends is None else f"{100 * ends[0]:.1f}–{100 * ends[1]:.1f}"


def _number(value: int) -> str:
    return f"{value:,}"


def _cell(text: str | None) -> str:
    """Text for one cell of a Markdown table."""
    return " ".join((text or "").replace("\\", "\\\\").replace("|", "\\|").replace("`", "\\`").split())
