"""What must come out, and whether it did. The figures: the project's goal table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.measuring import Ratio, Times

NOISE = 1.10
"""Below this a ratio of times says nothing; counts do."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one row found out about its subject, beside its baseline."""

    counts: dict[str, Any]
    baseline: dict[str, Any]
    times: Times
    throughput: Ratio | None
    rate: float | None
    resident: int | None

    @property
    def calls(self) -> float:
        ratio: float = self.counts["calls"] / self.baseline["calls"]
        return ratio


@dataclass(frozen=True)
class Goal:
    """A demand in few words, and how to tell; None where it was not measured."""

    text: str
    is_met: Callable[[Measured], bool | None]
    needs_load: bool = False

    def verdict(self, measured: Measured) -> "Verdict":
        return Verdict(self.text, self.is_met(measured))


@dataclass(frozen=True)
class Verdict:
    """A demand, and whether it is met."""

    text: str
    is_met: bool | None

    def __str__(self) -> str:
        words = {True: "met", False: "NOT met", None: "not measured"}
        return f"{self.text}: {words[self.is_met]}"


def calls_at_most(most: float) -> Goal:
    return Goal(f"calls ≤ {most} ×", lambda found: found.calls <= most)


def cpu_at_most(most: float) -> Goal:
    return Goal(f"CPU ≤ {most} ×", lambda found: found.times.cpu.median <= most)


def wall_at_most(most: float) -> Goal:
    return Goal(f"wall ≤ {most} ×", lambda found: found.times.wall.median <= most)


def throughput_at_least(least: float) -> Goal:
    def is_met(found: Measured) -> bool | None:
        return found.throughput.median >= least if found.throughput else None

    return Goal(f"throughput ≥ {least} ×", is_met, needs_load=True)


def queries_at_most(most: int) -> Goal:
    return Goal(f"≤ {most} queries", lambda found: found.counts["queries"] <= most)


cpu_within_noise = Goal(
    "CPU within noise", lambda found: found.times.cpu.median <= NOISE
)
no_more_queries = Goal(
    "0 queries more",
    lambda found: found.counts["queries"] <= found.baseline["queries"],
)
no_writes = Goal("0 writes", lambda found: not found.counts["writes"])
no_cookie = Goal("no Set-Cookie", lambda found: not found.counts["cookies"])
same_for_all = Goal(
    "same bytes for all",
    lambda found: (
        found.counts["digest"]
        == found.counts["digest_without_cookie"]
        == found.baseline["digest"]
    ),
)
