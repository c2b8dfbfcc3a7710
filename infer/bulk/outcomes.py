"""What becomes of each item of a run's input: an article that was read, or a failure that says why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..articles import Article
from ..errors import RasidError, RunError
from ..formats.inputs import InputProblem

if TYPE_CHECKING:
    from ..predictor import Predictor

__all__ = ["Failure", "Outcome", "Prediction", "outcomes"]

_BREAKDOWN = 10


@dataclass(frozen=True, slots=True)
class Prediction:
    """An article as the model has read it; `item` is its number in the input, from 0."""

    item: int
    article: Article


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that could not be read or predicted; `ends_source`: nor could anything after it in its file."""

    item: int
    where: str
    id: str | None
    error: str
    ends_source: bool = False

    @classmethod
    def of_input(cls, item: int, problem: InputProblem) -> "Failure":
        """The failure that a problem of the input is."""
        return cls(item, problem.where, None, str(problem), problem.ends_source)


Outcome = Prediction | Failure


def outcomes(predictor: "Predictor", items: Sequence[Article | InputProblem], first_item: int = 0) -> Iterator[Outcome]:
    """The outcome of each item, failures of the input first, then the articles in order.

    An article that the model or the rules cannot take becomes a failure and costs no other. Raises RunError where ten
    articles in a row break the program, for then it is not the articles.
    """
    articles: list[tuple[int, Article]] = []
    for number, item in enumerate(items, start=first_item):
        if isinstance(item, InputProblem):
            yield Failure.of_input(number, item)
        else:
            articles.append((number, item))
    start = 0
    while start < len(articles):
        try:
            for article in predictor.stream(article for _, article in articles[start:]):
                yield Prediction(articles[start][0], article)
                start += 1
        except Exception:
            # Which article of the batch it was shows when they are read one at a time.
            for outcome in _until_failure(predictor, articles[start:]):
                yield outcome
                start += 1


def _until_failure(predictor: "Predictor", articles: Sequence[tuple[int, Article]]) -> Iterator[Outcome]:
    """Read articles one at a time, up to the first that is read after one that was not."""
    failed = 0
    for number, article in articles:
        try:
            read = predictor.predict(article)
        except Exception as error:
            failed += not isinstance(error, RasidError)
            if failed == _BREAKDOWN:
                raise RunError(f"{failed} articles in a row cannot be predicted: {_reason(error)}") from error
            yield Failure(number, f"article {article.id}", article.id, _reason(error))
        else:
            yield Prediction(number, read)
            if failed:
                return


def _reason(error: Exception) -> str:
    text = (str(error).splitlines() or [""])[0]
    return text if isinstance(error, RasidError) else f"{type(error).__name__}: {text}"
