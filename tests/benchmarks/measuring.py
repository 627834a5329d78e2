"""Measure two things side by side: A B A B …, and never one after the other."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.probing import Probe

SECONDS_A_BATCH = 0.15
"""A batch shorter than this says more of the clock than of the site."""
LARGEST_BATCH = 2_000


@dataclass(frozen=True)
class Ratio:
    """How one thing compares with another: the median of pairs, and its quartiles."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, pairs: Iterable[tuple[float, float]]) -> "Ratio":
        """Return the second of each pair as a multiple of the first."""
        ratios = [second / first for first, second in pairs]
        if len(ratios) == 1:
            return cls(ratios[0], ratios[0], ratios[0])
        low, median, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return cls(median, low, high)


@dataclass(frozen=True, kw_only=True)
class Times:
    """What a request costs in a process, as a multiple of the other one."""

    cpu: Ratio
    wall: Ratio


def in_pairs(
    first: Callable[[], float], second: Callable[[], float], *, pairs: int
) -> list[tuple[float, float]]:
    """Take turns."""
    return [(first(), second()) for _ in range(pairs)]


def times_in_pairs(baseline: Probe, subject: Probe, *, pairs: int) -> Times:
    """Time both processes in turns, in batches long enough for the clock."""
    sizes = [_batch_size(probe) for probe in (baseline, subject)]
    rounds = [
        [
            probe.ask("requests", count=size)
            for probe, size in zip((baseline, subject), sizes, strict=True)
        ]
        for _ in range(pairs)
    ]
    return Times(
        cpu=Ratio.of((first["cpu"], second["cpu"]) for first, second in rounds),
        wall=Ratio.of((first["wall"], second["wall"]) for first, second in rounds),
    )


def _batch_size(probe: Probe) -> int:
    seconds = probe.ask("requests", count=3)["wall"]
    return max(2, min(LARGEST_BATCH, round(SECONDS_A_BATCH / seconds)))
