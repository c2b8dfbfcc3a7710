"""What a figure was measured on: processor, cores, versions, commit, and how busy others kept the machine."""

import os
import platform
import time
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

__all__ = ["Machine", "available_cores", "busy_cores", "cuda_device", "describe_machine", "pin_to_cores"]

_PACKAGES = ("rasid", "torch", "transformers", "tokenizers", "onnxruntime", "numpy", "ray", "gliner")


@dataclass(frozen=True, slots=True)
class Machine:
    """`busy_before` is how many cores' worth of work others did just before the measurement; 0 is an idle machine."""

    processor: str
    cores: int
    threads: int
    memory_gb: float
    system: str
    device: str | None
    versions: dict[str, str] = field(default_factory=dict)
    commit: str | None = None
    date: str = ""
    busy_before: float = 0.0
    busy_after: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)

    def to_markdown(self) -> str:
        """One paragraph that names the machine."""
        versions = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        busy = f"{self.busy_before:.2f} cores busy with other work before"
        after = "" if self.busy_after is None else f" and {self.busy_after:.2f} after"
        return (
            f"{self.processor}, {self.cores} cores, {self.threads} threads used, {self.memory_gb:.0f} GB"
            f"{f', {self.device}' if self.device else ''}; {self.system}; {versions}; "
            f"commit {self.commit or 'unknown'}; {self.date}; {busy}{after}."
        )


def describe_machine(threads: int | None = None) -> Machine:
    """This machine as it is now; `threads` is what a benchmark uses, all available cores if not given."""
    from rasid.train.run_folder import commit_of_code  # not above: a side's process should hold only what it needs

    return Machine(
        processor=_processor(),
        cores=available_cores(),
        threads=threads or available_cores(),
        memory_gb=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9,
        system=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        device=cuda_device(),
        versions=dict(_versions()),
        commit=commit_of_code(),
        date=time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        busy_before=busy_cores(),
    )


def available_cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pin_to_cores(threads: int) -> None:
    """Keep this process, and the thread pools it has not started yet, on the first `threads` of its cores."""
    if hasattr(os, "sched_setaffinity") and threads < available_cores():
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def busy_cores(seconds: float = 0.5) -> float:
    """How many cores' worth of work the machine does while this process sleeps; the load average without /proc."""
    before = _busy_ticks()
    if before is None:
        return os.getloadavg()[0]
    started = time.perf_counter()
    time.sleep(seconds)
    after = _busy_ticks() or before
    return max(0.0, (after - before) / os.sysconf("SC_CLK_TCK") / (time.perf_counter() - started))


def cuda_device() -> str | None:
    """The name of the CUDA device torch sees, if it sees one."""
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else None


def _busy_ticks() -> int | None:
    """Clock ticks all cores together have not been idle."""
    try:
        fields = [int(value) for value in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    except OSError:
        return None
    user, nice, system, _idle, _waiting, irq, softirq, steal = fields
    return user + nice + system + irq + softirq + steal


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _versions() -> list[tuple[str, str]]:
    found = []
    for name in _PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found
