"""What a person sees of a run while it goes on: a progress bar, `metrics.jsonl` and TensorBoard.

Numbers come in, nothing of the run is known here. On a terminal there is a bar with loss, speed and the time left;
elsewhere one line per evaluation.
"""

import json
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ...infer.errors import MissingExtraError

__all__ = ["Monitor"]


class Monitor:
    """Writes the metrics of one run; a process that is not the main one gives `folder=None` and nothing is written.

    `metric_bytes` and `step` say where a resumed run goes on: what was written later is dropped.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        title: str,
        steps: int,
        step: int = 0,
        metric_bytes: int = 0,
        console: Console | None = None,
    ) -> None:
        self._console = console or Console(stderr=True)
        self._title = title
        self._steps = steps
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[said]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
            disable=folder is None or not self._console.is_terminal,
        )
        self._task = self._bar.add_task(title, total=steps, completed=step, said="")
        self._path = folder / "metrics.jsonl" if folder else None
        self._board = None
        if folder is not None:
            try:
                from torch.utils.tensorboard import SummaryWriter
            except ImportError as error:
                raise MissingExtraError("train", "training") from error
            self._board = SummaryWriter(str(folder / "tensorboard"), purge_step=step + 1 if step else None)
            with (folder / "metrics.jsonl").open("ab") as file:
                file.truncate(metric_bytes)

    def __enter__(self) -> "Monitor":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
        if self._board is not None:
            self._board.close()

    @property
    def metric_bytes(self) -> int:
        """Length of the metrics file."""
        return self._path.stat().st_size if self._path else 0

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        if self._path is not None:
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def advance(self, step: int) -> None:
        """Show how many steps are done."""
        self._bar.update(self._task, completed=step)

    def training(self, step: int, epoch: int, metrics: dict[str, float]) -> None:
        """Record the training metrics since the last line; loss is nats a word, speed subwords a second."""
        self._write("train", step, epoch, metrics)
        self._bar.update(
            self._task, said=f"loss {metrics['loss']:.4f}  {metrics['subwords_per_second']:,.0f} subwords/s"
        )

    def evaluation(self, step: int, epoch: int, metrics: dict[str, float], *, best: bool) -> None:
        """Record scores on dev, and say so."""
        self._write("dev", step, epoch, metrics)
        self.say(
            f"{self._title}: step {step} of {self._steps}, epoch {epoch + 1}: dev F1 {metrics['f1']:.4f} "
            f"(precision {metrics['precision']:.4f}, recall {metrics['recall']:.4f})"
            + (", the best so far" if best else "")
        )

    def _write(self, kind: str, step: int, epoch: int, metrics: dict[str, float]) -> None:
        if self._path is None or self._board is None:
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, "step": step, "epoch": epoch, **metrics}) + "\n")
        for name, value in metrics.items():
            self._board.add_scalar(f"{kind}/{name}", value, step)
