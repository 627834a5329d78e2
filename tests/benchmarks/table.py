"""The table, as Markdown for people and as JSON for programs."""

import platform
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.bench import Effort, Result
from benchmarks.figures import Figure
from benchmarks.goals import Measured, Verdict
from benchmarks.loads import GENERATOR, WORKERS
from benchmarks.measuring import Ratio

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
MIB = 1024 * 1024
_PACKAGES = (
    *("Django", "wagtail", "wagtail-personalisation", "wagtail-cache", "gunicorn"),
)
_HEADINGS = (
    *("What", "Against", "SQL", "Writes", "Cookie", "Calls ×", "CPU ×", "Wall ×"),
    *("Throughput ×", "Requests/s", "MB", "Goal"),
)
_ALIGNED = ("---", "---", *["--:"] * 2, "---", *["--:"] * 6, "---")


def environment(effort: Effort) -> str:
    """Say in one sentence what ran, and how long."""
    packages = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    load = (
        f"{effort.load_pairs} pairs of {effort.seconds:g} s under gunicorn with "
        f"{WORKERS} workers (load from {GENERATOR})"
        if effort.load_pairs
        else "no load"
    )
    return (
        f"Measured on {date.today()}: Python {platform.python_version()}, {packages}. "
        f"{effort.pairs} pairs in the process, {load}."
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


def as_markdown(results: list[Result], figures: list[Figure], effort: Effort) -> str:
    """Return everything that was found, the missed goals last."""
    parts = [environment(effort)]
    for database in dict.fromkeys(result.database for result in results):
        mine = [result for result in results if result.database == database]
        parts += [f"**{database}**", _table(_HEADINGS, _ALIGNED, map(_cells, mine))]
    if figures:
        lines = [(item.label, item.found, _join(item.verdicts)) for item in figures]
        parts.append(_table(("What", "Found", "Goal"), ("---",) * 3, lines))
    parts.append(_missed(results, figures))
    return "\n\n".join(parts)


def _table(
    headings: tuple[str, ...], aligned: tuple[str, ...], lines: Iterable[Any]
) -> str:
    return "\n".join(
        "| " + " | ".join(line) + " |" for line in (headings, aligned, *lines)
    )


def _cells(result: Result) -> tuple[str, ...]:
    row, found = result.row, result.measured
    against = row.baseline.name
    if found is None:
        empty = ("",) * (len(_HEADINGS) - 4)
        why = result.failure and f"FAILED: {result.failure}"
        why = why or f"left out: {result.left_out}"
        return (row.label, against, why, *empty, _join(result.verdicts))
    return (row.label, against, *_figures(found), _join(result.verdicts))


def _figures(found: Measured) -> tuple[str, ...]:
    return (
        str(found.counts["queries"]),
        str(found.counts["writes"]),
        ", ".join(found.counts["cookies"]) or "none",
        _short(found.calls),
        _spread(found.times.cpu),
        _spread(found.times.wall),
        _spread(found.throughput) if found.throughput else "",
        f"{found.rate:,.0f}" if found.rate else "",
        f"{found.resident / MIB:.0f}" if found.resident else "",
    )


def _spread(ratio: Ratio) -> str:
    return f"{_short(ratio.median)} ({_short(ratio.low)}–{_short(ratio.high)})"


def _short(number: float) -> str:
    """Write three digits, wherever the point stands."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.3f}" if number < 2 else f"{number:.1f}"


def _join(verdicts: Iterable[Verdict]) -> str:
    return "; ".join(map(str, verdicts)) or "–"


def verdicts(
    results: list[Result], figures: list[Figure]
) -> list[tuple[str, str, Verdict]]:
    """Return every verdict with its row and its database."""
    of_rows = [
        (result.row.label, result.database, verdict)
        for result in results
        for verdict in result.verdicts
    ]
    return of_rows + [
        (item.label, "", verdict) for item in figures for verdict in item.verdicts
    ]


def _missed(results: list[Result], figures: list[Figure]) -> str:
    all_of_them = verdicts(results, figures)
    missed = [item for item in all_of_them if item[2].is_met is not True]
    lines = [
        f"- {label}{f' ({database})' if database else ''}: {verdict}"
        for label, database, verdict in missed
    ]
    met = len(all_of_them) - len(missed)
    summary = f"{met} of {len(all_of_them)} goals met."
    if lines:
        summary += " Those that are not, or were not measured:"
    return "\n".join([summary, "", *lines]).strip()


def as_json(results: list[Result], figures: list[Figure], effort: Effort) -> Any:
    """Return the same for programs."""
    return {
        "environment": environment(effort),
        "rows": [
            {
                "name": result.row.name,
                "label": result.row.label,
                "baseline": result.row.baseline.name,
                "database": result.database,
                "left_out": result.left_out,
                "failure": result.failure,
                "measured": asdict(result.measured) if result.measured else None,
                "calls": result.measured.calls if result.measured else None,
                "goals": [asdict(verdict) for verdict in result.verdicts],
            }
            for result in results
        ],
        "figures": [asdict(figure) for figure in figures],
    }


def write_into(document: Path, table: str) -> None:
    """Put a new table between the marks of a document."""
    text = document.read_text(encoding="utf-8")
    pattern = re.compile(f"{BEGIN}.*?{END}", re.DOTALL)
    assert pattern.search(text), f"{document} has no {BEGIN} … {END}"
    new = f"{BEGIN}\n\n{table}\n\n{END}"
    document.write_text(pattern.sub(lambda _match: new, text), encoding="utf-8")
