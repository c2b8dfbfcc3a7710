"""The predict API: text in, articles with spans, links and claims out.

Batches the windows of many articles by length, asks a `Scorer` for tag scores in the background and hands them to each
article's `Reading`. How scores are computed is the scorer's business (`scorers`); what a span is, `reading`'s and
`decoding`'s.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from .articles import Article, Link
from .links.choosing import Linker, load_linker
from .model_folder import ModelInfo, find_model, read_info, read_tokenizer
from .reading import Line, Reading, decode_lines, finish
from .scheme import CONFLICT
from .scorers.interface import Scorer, StateScorer, Submission, SubmittingScorer
from .windows import SubwordCutter, Window

if TYPE_CHECKING:
    from .scorers.choosing import Precision

__all__ = ["Predictor"]

_ByWindow = tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]

_BATCH_SUBWORDS = 4096
_POOL_BATCHES = 8


class Predictor:
    """Reads articles with one model. Make it with `Predictor.load`, or from parts around a model being trained.

    `linker` finds the links, none are found without it; one with a head needs a `StateScorer`. `facts` makes counts,
    places, actors, claims and incidents of spans and links; without it an article has none. `batch_subwords` bounds the
    padded subwords computed at once: memory grows with it, and speed up to a point; where it is None the scorer says,
    or it is 4,096.
    """

    def __init__(
        self,
        scorer: Scorer,
        tokenizer: Tokenizer,
        info: ModelInfo,
        *,
        linker: Linker | None = None,
        facts: Callable[[Article], Article] | None = None,
        batch_subwords: int | None = None,
    ) -> None:
        self.info = info
        self._scorer = scorer
        self._cutter = SubwordCutter(tokenizer)
        self._linker = linker
        self._facts = facts
        own = scorer.batch_subwords if isinstance(scorer, SubmittingScorer) else _BATCH_SUBWORDS
        self._batch_subwords = own if batch_subwords is None else batch_subwords

    @classmethod
    def load(
        cls,
        model: str | Path | None = None,
        *,
        device: str = "auto",
        precision: "Precision" = "auto",
        places: Path | None = None,
        actors: Path | None = None,
        batch_subwords: int | None = None,
        threads: int | None = None,
    ) -> "Predictor":
        """Load a model folder, a hub id, or the embedded model where none is given.

        `device` is "auto" (CUDA where there is one), "cpu", "cuda" or "cuda:N"; `precision` is "auto" (fp32 on a CPU,
        bf16 or fp16 on CUDA), "fp32", "bf16", "fp16" or, on a CPU and where the model has such a graph, "int8".
        `threads` of the CPU compute, all there are if None. `places` and `actors` are CSV files that extend the tables
        claims are made with. Raises ModelError for a model, device or precision that cannot be used,
        HubError where the hub cannot be reached, InputError for a mistake in a table.
        """
        from .scorers.choosing import load_scorer

        folder = find_model(model)
        info = read_info(folder)
        scorer = load_scorer(folder, info.scheme, device, precision, threads)
        linker = load_linker(folder, info.scheme)
        facts = None
        if info.scheme == CONFLICT:  # the rules of claims speak of its labels and links
            from .claims.calibration import read_calibration
            from .claims.facts_of import FactReader

            facts = FactReader.load(places, actors, read_calibration(folder))
        tokenizer = read_tokenizer(folder)
        return cls(scorer, tokenizer, info, linker=linker, facts=facts, batch_subwords=batch_subwords)

    def predict(self, text: str | Article) -> Article:
        """Read one article; spans and links it came with are replaced by the model's."""
        return next(self.stream([text]))

    def stream(self, articles: Iterable[str | Article]) -> Iterator[Article]:
        """Read any number of articles, in order, in constant memory.

        Windows are collected over several articles before they are computed, so results lag behind the input.
        """
        return self._stream(articles, keep_spans=False)

    def link(self, article: Article) -> Article:
        """The article with the spans it came with, and the model's links between them."""
        return next(self.stream_links([article]))

    def links_between(self, article: Article) -> tuple[Link, ...]:
        """The model's links between the spans an article came with."""
        return self.link(article).links

    def stream_links(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Link any number of articles, each with the spans it came with; else as `stream`."""
        return self._stream(articles, keep_spans=True)

    def _stream(self, articles: Iterable[str | Article], *, keep_spans: bool) -> Iterator[Article]:
        readings: deque[Reading] = deque()
        pool: list[_Pooled] = []
        pooled = 0
        # One pool is computed in the background while the words of the next are cut and the last is decoded: the
        # encoders leave Python's lock to others. Leaving the block waits for the pool that is being computed.
        with ThreadPoolExecutor(1, "rasid-encoder") as background:
            computing: tuple[list[_Pooled], Future[_Computed]] | None = None
            for article in articles:
                given = article if isinstance(article, Article) else Article(article)
                gatherer = self._linker.gatherer() if self._linker is not None else None
                reading = Reading(given, self._cutter, self.info, gatherer, keep_spans=keep_spans)
                readings.append(reading)
                for window in reading.windows():
                    pool.append((reading, window))
                    pooled += len(window.subword_ids)
                    if pooled >= _POOL_BATCHES * self._batch_subwords:
                        before, computing = computing, (pool, background.submit(self._compute, pool))
                        pool, pooled = [], 0
                        if before is not None:
                            _pass_on(before[0], before[1].result())
                            yield from self._finished(readings)
            last = background.submit(self._compute, pool)
            if computing is not None:
                _pass_on(computing[0], computing[1].result())
                yield from self._finished(readings)
            _pass_on(pool, last.result())
        yield from self._finished(readings)

    def _finished(self, readings: deque[Reading]) -> Iterator[Article]:
        """Take the articles from the head of the queue whose last window has been computed."""
        done: list[Reading] = []
        while readings and readings[0].complete:
            done.append(readings.popleft())
        decode_lines([line for reading in done for line in reading.last_line()])
        for article in finish(done, self._linker):
            yield article if self._facts is None else self._facts(article)

    def _compute(self, pool: Sequence["_Pooled"]) -> "_Computed":
        """The scores of pooled windows, and the encoder's states where links are found by them, by number."""
        scores: dict[int, NDArray[np.float32]] = {}
        states: dict[int, NDArray[np.float32]] = {}
        batches = _batches([len(window.subword_ids) for _, window in pool], self._batch_subwords)
        for batch, computed in self._score((batch, [pool[number][1] for number in batch]) for batch in batches):
            scores.update(zip(batch, computed[0], strict=True))
            states.update(zip(batch, computed[1], strict=False))  # none where no link head asks for them
        return scores, states

    def _score(self, batches: Iterable[tuple[list[int], list[Window]]]) -> Iterator[tuple[list[int], _ByWindow]]:
        """Scores and states of the windows of each batch, with what the batch came with."""
        wanted = self._linker is not None and self._linker.head is not None
        if not isinstance(self._scorer, SubmittingScorer):
            for numbers, windows in batches:
                if wanted:
                    yield numbers, cast(StateScorer, self._scorer).score_with_states(windows)
                else:
                    yield numbers, (self._scorer.score(windows), [])
            return
        # Two batches under way: the device has the next one before the host has read the last.
        submitted: deque[tuple[list[int], Submission]] = deque()
        for numbers, windows in batches:
            submitted.append((numbers, self._scorer.submit(windows, states=wanted)))
            if len(submitted) > 1:
                first, submission = submitted.popleft()
                yield first, submission.result()
        for numbers, submission in submitted:
            yield numbers, submission.result()


_Pooled = tuple[Reading, Window]
_Computed = tuple[dict[int, NDArray[np.float32]], dict[int, NDArray[np.float32]]]


def _pass_on(pool: Sequence[_Pooled], computed: _Computed) -> None:
    """Give scores to the readings in the order in which their windows were pooled, and decode what they complete."""
    scores, states = computed
    lines: list[Line] = []
    for number, (reading, window) in enumerate(pool):
        lines += reading.add(window, scores[number], states.get(number))
    decode_lines(lines)


def _batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Group windows of like length, longest first, so that each group padded to its longest stays in the budget."""
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda n: -lengths[n]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch
