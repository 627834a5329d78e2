"""Measure rows on one kind of database, each beside its baseline."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from benchmarks.configurations import Configuration, plain
from benchmarks.databases import Databases, Failed
from benchmarks.goals import Measured, Verdict
from benchmarks.loads import Server
from benchmarks.measuring import Ratio, in_pairs, times_in_pairs
from benchmarks.probing import Probe
from benchmarks.rows import Row


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How long is measured."""

    pairs: int
    load_pairs: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Result:
    """A row with what came out; nothing, and why, where it was left out."""

    row: Row
    database: str
    measured: Measured | None = None
    left_out: str = ""
    failure: str = ""
    """What a process of the row said before it ended: the whole run then fails."""

    @property
    def verdicts(self) -> list[Verdict]:
        if self.measured is None:
            return [Verdict(goal.text, None) for goal in self.row.goals]
        return [goal.verdict(self.measured) for goal in self.row.goals]


class Bench:
    """The plain page stays up for the whole run; the others come and go."""

    def __init__(self, databases: Databases, effort: Effort) -> None:
        self._databases = databases
        self._effort = effort
        self._counts: dict[Configuration, dict[str, Any]] = {}
        self._stack = ExitStack()
        self._probe: Probe | None = None
        self._server: Server | None = None

    def results(
        self, rows: Iterable[Row], *, tell: Callable[[str], None]
    ) -> list[Result]:
        """Measure all rows that can be measured here."""
        found = []
        for row in rows:
            tell(f"{self._databases.name}: {row.label}")
            found.append(self._result(row, tell))
        return found

    def _result(self, row: Row, tell: Callable[[str], None]) -> Result:
        database = self._databases.name
        if not row.is_possible:
            needed = row.subject.needs or row.baseline.needs
            return Result(row=row, database=database, left_out=f"{needed} is not there")
        try:
            return Result(row=row, database=database, measured=self._measure(row))
        except Failed as failure:
            tell(str(failure))
            return Result(row=row, database=database, failure=failure.reason)

    def _measure(self, row: Row) -> Measured:
        with ExitStack() as stack:
            baseline = self._baseline_probe(row, stack)
            subject = stack.enter_context(self._open_probe(row.subject)).warm()
            times = times_in_pairs(baseline, subject, pairs=self._effort.pairs)
            resident = subject.ask("memory")["resident"]
            counts, others = self._counts_of(subject), self._counts_of(baseline)
        throughput, rate = self._throughput(row)
        return Measured(
            counts=counts,
            baseline=others,
            times=times,
            throughput=throughput,
            rate=rate,
            resident=resident,
        )

    def _counts_of(self, probe: Probe) -> dict[str, Any]:
        key = probe.configuration
        if key not in self._counts:
            self._counts[key] = probe.ask("counts")
        return self._counts[key]

    def _throughput(self, row: Row) -> tuple[Ratio | None, float | None]:
        pairs, seconds = self._effort.load_pairs, self._effort.seconds
        if not (pairs and row.needs_load):
            return None, None
        with ExitStack() as stack:
            baseline = self._baseline_server(row, stack)
            subject = stack.enter_context(self._open_server(row.subject))
            rates = in_pairs(
                lambda: baseline.rate(seconds),
                lambda: subject.rate(seconds),
                pairs=pairs,
            )
        return Ratio.of(rates), sorted(second for _, second in rates)[pairs // 2]

    def _baseline_probe(self, row: Row, stack: ExitStack) -> Probe:
        if row.baseline is not plain:
            return stack.enter_context(self._open_probe(row.baseline)).warm()
        if self._probe is None:
            self._probe = self._stack.enter_context(self._open_probe(plain)).warm()
        return self._probe

    def _baseline_server(self, row: Row, stack: ExitStack) -> Server:
        if row.baseline is not plain:
            return stack.enter_context(self._open_server(row.baseline))
        if self._server is None:
            self._server = self._stack.enter_context(self._open_server(plain))
        return self._server

    def _open_probe(self, configuration: Configuration) -> Probe:
        return Probe(configuration, self._databases.get(configuration))

    def _open_server(self, configuration: Configuration) -> Server:
        return Server(configuration, self._databases.get(configuration))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
