"""The progress of a run on a terminal: articles, their rate, and where the total is known a share and the time left.

Silent where standard error is no terminal, but for the lines it is asked to say.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from .outcomes import Failure, Outcome

__all__ = ["Meter", "metering", "shows_progress"]


class Meter:
    """Counts what a run has read. The rates are those since the run began or went on."""

    def __init__(self, progress: Progress | None, total: int | None, before: int) -> None:
        self._progress = progress
        self._began = monotonic()
        self.failed = 0
        self._articles = self._characters = 0
        if progress is not None:
            self._task = progress.add_task("reading", total=total, completed=before)

    def count(self, articles: int, characters: int) -> None:
        """Take note of so many articles more, with so many characters (code points) together."""
        self._articles += articles
        self._characters += characters
        if self._progress is not None:
            self._progress.update(self._task, advance=articles, description=self._text())

    def fail(self, error: str, articles: int = 1) -> None:
        """Take note of an article, or several, that failed, and say why."""
        self.failed += articles
        self.say(f"rasid: error: {error}")
        if self._progress is not None:
            self._progress.update(self._task, advance=articles)

    def watched(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The same outcomes, counted as they come."""
        for outcome in outcomes:
            if isinstance(outcome, Failure):
                self.fail(outcome.error)
            else:
                self.count(1, outcome.article.characters)
            yield outcome

    def say(self, line: str) -> None:
        """A line on standard error, above the bar."""
        if self._progress is not None:
            self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr)

    def _text(self) -> str:
        seconds = monotonic() - self._began
        if not seconds:
            return f"{self._articles:,} articles"
        rates = f"{self._articles / seconds:,.1f} articles/s, {self._characters / seconds:,.0f} characters/s"
        return f"{self._articles:,} articles, {rates}"


def shows_progress() -> bool:
    """Whether standard error is a terminal; counting a total is worth its time only there."""
    return sys.stderr.isatty()


@contextmanager
def metering(total: int | None = None, before: int = 0) -> Iterator[Meter]:
    """A meter; of `total` articles and problems, where that is known, `before` were read by an earlier run."""
    if not shows_progress():
        yield Meter(None, total, before)
        return
    columns = [SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()]
    if total is not None:
        columns += [BarColumn(), TaskProgressColumn(), TimeRemainingColumn()]
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Meter(progress, total, before)
