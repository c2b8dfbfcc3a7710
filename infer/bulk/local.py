"""Runs of `rasid predict` into a file or a folder of shards, in one process, that can be taken up after a kill.

How a killed run's output is read and cut is left to `lines` and `shards`.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import count, islice, takewhile
from pathlib import Path

from ..articles import Article
from ..formats.inputs import InputProblem, Skip, iter_inputs
from .job import Job
from .lines import LineOutput, take_up, write_record
from .meter import Meter, metering, shows_progress
from .outcomes import Failure, outcomes
from .record import RunRecord
from .shards import ShardFolder
from .survey import number_of_articles, refuse_output_among_inputs, survey

__all__ = ["Run", "Summary", "predict_to_lines", "predict_to_shards"]


@dataclass(frozen=True, slots=True)
class Run:
    """What to read, how, and where to.

    Without `keep_going` the run stops at the first input that cannot be read; `resume` goes on with the run that lies
    at `out`, or begins it.
    """

    inputs: tuple[str, ...]
    out: Path
    job: Job
    keep_going: bool = False
    resume: bool = False

    def record(self, **options: int) -> RunRecord:
        """The record of this run; raises ModelError, HubError or InputError for a model or table that is not there."""
        return RunRecord(
            rasid=version("rasid"),
            model=self.job.model_record(),
            options={**self.job.options_record(), **options},
            inputs=survey(self.inputs),
        )

    def metering(self, skip: Skip) -> AbstractContextManager[Meter]:
        """A meter of this run, with a total where it is seen."""
        return metering(number_of_articles(self.inputs) if shows_progress() else None, skip.items)


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a run: articles and failures over all its sittings, and what stopped it before the end."""

    articles: int
    failed: int
    stopped_by: InputProblem | None = None


def predict_to_lines(run: Run) -> Summary:
    """Read articles into one JSON Lines file, in order.

    Raises RunError for an output that cannot be taken up, InputError for one that cannot be written, and what loading
    the model raises.
    """
    refuse_output_among_inputs(run.out, run.inputs)
    record = run.record()
    before = take_up(run.out, record, resume=run.resume)
    if before.finished:
        return Summary(before.articles, before.failed)
    predictor = run.job.load()
    feed = _Feed(run, before.skip)
    articles = before.articles
    with LineOutput.opened(run.out, with_text=run.job.with_text) as output, run.metering(before.skip) as meter:

        def readable() -> Iterator[Article]:
            for item, found in feed:
                if isinstance(found, Article):
                    yield found
                else:
                    failure = Failure.of_input(item, found)
                    output.write_failure(failure)
                    meter.fail(failure.error)

        for article in predictor.stream(readable()):
            output.write(article)
            articles += 1
            meter.count(1, article.characters)
    if not feed.stopped_by:
        write_record(run.out, record.as_finished())
    return Summary(articles, before.failed + meter.failed, feed.stopped_by)


def predict_to_shards(run: Run, shard_articles: int) -> Summary:
    """Read articles into a folder of Parquet shards, each of so many articles and failures, in order.

    Raises RunError for a folder that cannot be taken up, InputError for one that cannot be written, MissingExtraError
    without pyarrow, and what loading the model raises.
    """
    refuse_output_among_inputs(run.out, run.inputs)
    folder = ShardFolder(str(run.out))
    record = run.record(shard_articles=shard_articles)
    whole = folder.begin(record, resume=run.resume)
    done = [whole[number] for number in takewhile(whole.__contains__, count())]
    skip = Skip(len(done) * shard_articles, folder.ends(info.number for info in done if info.failed))
    predictor = run.job.load()
    feed = _Feed(run, skip)
    with run.metering(skip) as meter:
        # What comes after a gap is done again: the block that is missing may be read differently now.
        for number in count(len(done)):
            block = list(islice(feed, shard_articles))
            if feed.stopped_by or not block:
                break
            first_item = block[0][0]
            results = outcomes(predictor, [found for _, found in block], first_item)
            done.append(folder.write_shard(number, first_item, meter.watched(results), record))
    if not feed.stopped_by:
        folder.write_record(record.as_finished())
    return Summary(sum(info.articles for info in done), sum(info.failed for info in done), feed.stopped_by)


class _Feed:
    """The input of a run from where it begins, numbered; ends where it is to stop."""

    def __init__(self, run: Run, skip: Skip) -> None:
        self.stopped_by: InputProblem | None = None
        self._run = run
        self._items = enumerate(iter_inputs(run.inputs, skip), start=skip.items)

    def __iter__(self) -> Iterator[tuple[int, Article | InputProblem]]:
        return self

    def __next__(self) -> tuple[int, Article | InputProblem]:
        item, found = next(self._items)
        if isinstance(found, Article):
            return item, self._run.job.filled(found)
        if not self._run.keep_going:
            self.stopped_by = found
            raise StopIteration
        return item, found
