"""What is no ratio per request: the first request, the snapshot, memory, bytes."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import configurations as of
from benchmarks.configurations import Configuration
from benchmarks.databases import Databases
from benchmarks.goals import Verdict
from benchmarks.measuring import Ratio, in_pairs
from benchmarks.probing import Probe
from benchmarks.weights import page_weight, static_weight

MIB = 1024 * 1024
KB = 1_000


@dataclass(frozen=True)
class Figure:
    """One measured thing in words, and the verdicts on it."""

    label: str
    found: str
    verdicts: tuple[Verdict, ...] = ()
    failed: bool = False


def first_request(databases: Databases, *, pairs: int) -> list[Figure]:
    """Compare the first answer of a fresh process: ours with plain."""

    def cpu_of(configuration: Configuration) -> float:
        with Probe(configuration, databases.get(configuration)) as probe:
            seconds: float = probe.ask("first")["cpu"]
            return seconds

    found = Ratio.of(
        in_pairs(lambda: cpu_of(of.plain), lambda: cpu_of(of.personalised), pairs=pairs)
    )
    return [
        Figure(
            f"first request in a fresh process × plain's, {databases.name}",
            f"{found.median:.2f} ({found.low:.2f}–{found.high:.2f}) CPU",
            (Verdict("≤ 1.2 ×", found.median <= 1.2),),
        )
    ]


def snapshot(databases: Databases, *, pairs: int) -> list[Figure]:
    """Measure the snapshot of 1,000 segments, and how it is rebuilt."""
    configuration = of.ours(1_000)
    with Probe(configuration, databases.get(configuration)) as probe:
        found = probe.warm().ask("snapshot")
    size, thousand = found["bytes"] / MIB, found["segments"] / 1_000
    wall, cpu = (1_000 * found[name] / thousand for name in ("wall", "cpu"))
    return [
        Figure(
            f"snapshot of {found['segments']:,} segments, {databases.name}",
            f"{size:.2f} MB",
            (Verdict("≤ 2 MB for 1,000", size <= 2 * thousand),),
        ),
        Figure(
            f"rebuilding it, {databases.name}",
            f"{wall:.0f} ms per 1,000 ({cpu:.0f} ms of it CPU), "
            f"by {found['at_once']} of 8 threads",
            (
                Verdict("≤ 50 ms per 1,000", wall <= 50),
                Verdict("never in two threads", found["at_once"] == 1),
            ),
        ),
    ]


def memory(databases: Databases, *, pairs: int) -> list[Figure]:
    """Say what a warm process holds."""
    figures = []
    for configuration in (of.plain, of.stock(200), of.personalised, of.ours(1_000)):
        with Probe(configuration, databases.get(configuration)) as probe:
            resident = probe.warm().ask("memory")["resident"]
        figures.append(
            Figure(
                f"memory of a warm process: {configuration.name}, {databases.name}",
                f"{resident / MIB:.0f} MB" if resident else "unknown here",
            )
        )
    return figures


def weights() -> list[Figure]:
    """Weigh what a browser gets."""
    css, script = static_weight(".css"), static_weight(".js")
    page = page_weight()
    return [
        Figure(
            "our CSS, compressed",
            f"{css / KB:.1f} kB",
            (Verdict("≤ 12 kB", css <= 12 * KB),),
        ),
        Figure(
            "our JavaScript, compressed",
            f"{script / KB:.1f} kB",
            (Verdict("≤ 8 kB", script <= 8 * KB),),
        ),
        Figure(
            "start page of the example site, without pictures",
            f"{page.bytes / KB:.1f} kB in {page.files} files",
            (
                Verdict("≤ 60 kB", page.bytes <= 60 * KB),
                Verdict("0 render-blocking scripts", page.blocking_scripts == 0),
            ),
        ),
    ]


PER_DATABASE: dict[str, Callable[..., list[Figure]]] = {
    "first-request": first_request,
    "snapshot": snapshot,
    "memory": memory,
}
