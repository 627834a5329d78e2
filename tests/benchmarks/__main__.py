"""``make bench``: measure, print one table, and say which goals are met."""

import argparse
import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.bench import Bench, Effort, Result
from benchmarks.databases import (
    Databases,
    Failed,
    PostgreSQL,
    SQLite,
    dropped_afterwards,
    postgres_url,
)
from benchmarks.figures import PER_DATABASE, Figure, weights
from benchmarks.rows import QUICK, ROWS, Row
from benchmarks.table import as_json, as_markdown, write_into

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/explanation/performance.md"
FULL = Effort(pairs=9, load_pairs=5, seconds=2)
SHORT = Effort(pairs=3, load_pairs=1, seconds=1)
_WEIGHTS = "weights"


def read_arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rows, SQLite only")
    parser.add_argument("--only", default="", help="names of rows, with commas")
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--no-load", action="store_true", help="without gunicorn")
    parser.add_argument("--pairs", type=int, help="pairs in the process")
    parser.add_argument("--load-pairs", type=int, help="pairs under load")
    parser.add_argument("--seconds", type=float, help="seconds under load")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write it there too")
    parser.add_argument("--write-docs", action="store_true", help="and into the docs")
    parser.add_argument("--list", action="store_true", help="name the rows, and end")
    return parser.parse_args(given)


def effort_of(arguments: argparse.Namespace) -> Effort:
    usual = SHORT if arguments.quick else FULL
    load_pairs = arguments.load_pairs or usual.load_pairs
    return Effort(
        pairs=arguments.pairs or usual.pairs,
        load_pairs=0 if arguments.no_load else load_pairs,
        seconds=arguments.seconds or usual.seconds,
    )


def names_of(arguments: argparse.Namespace) -> set[str]:
    """Return the names of what is measured."""
    known = {row.name for row in ROWS} | {*PER_DATABASE, _WEIGHTS}
    if arguments.only:
        asked = set(arguments.only.split(","))
        if asked - known:
            raise SystemExit(f"Unknown: {', '.join(sorted(asked - known))}")
        return asked
    return set(QUICK) if arguments.quick else known


@contextmanager
def opened_databases(arguments: argparse.Namespace) -> Iterator[list[Databases]]:
    """Give the kinds of database that are asked for and at hand."""
    wanted = arguments.database or ("sqlite" if arguments.quick else "")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        kinds: list[Databases] = []
        if wanted in ("", "sqlite"):
            kinds.append(SQLite(Path(folder)))
        url = "" if wanted == "sqlite" else postgres_url()
        if url:
            kinds.append(PostgreSQL(url))
        elif wanted != "sqlite":
            tell("No PostgreSQL answers: set BENCH_POSTGRES to measure it too.")
        yield kinds


def measure(
    databases: Databases, rows: list[Row], names: set[str], effort: Effort
) -> tuple[list[Result], list[Figure]]:
    """Measure all of it on one kind of database."""
    figures: list[Figure] = []
    with dropped_afterwards(databases):
        with Bench(databases, effort) as bench:
            results = bench.results(rows, tell=tell)
        for name, measure_figures in PER_DATABASE.items():
            if name in names:
                tell(f"{databases.name}: {name}")
                figures += figures_or_failure(
                    f"{name}, {databases.name}",
                    partial(measure_figures, databases, pairs=effort.pairs),
                )
    return results, figures


def figures_or_failure(name: str, measured: Callable[[], list[Figure]]) -> list[Figure]:
    """Return what was measured; what failed is no reason to lose the rest."""
    try:
        return measured()
    except Failed as failure:
        tell(str(failure))
        return [Figure(name, f"FAILED: {failure.reason}", failed=True)]


def tell(text: str) -> None:
    """Say what is being done, apart from the table."""
    print(f"[{time.monotonic() - _START:5.0f} s] {text}", file=sys.stderr, flush=True)


_START = time.monotonic()


def end(*_: object) -> None:
    """Told to end, stop the servers and drop the databases, however often told."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit("Ended before it was done.")


def main() -> None:
    signal.signal(signal.SIGTERM, end)
    arguments = read_arguments()
    names, effort = names_of(arguments), effort_of(arguments)
    rows = [row for row in ROWS if row.name in names]
    if arguments.list:
        print(*(row.name for row in rows), *PER_DATABASE, _WEIGHTS, sep="\n")
        return
    results: list[Result] = []
    figures: list[Figure] = []
    with opened_databases(arguments) as kinds:
        for databases in kinds:
            found = measure(databases, rows, names, effort)
            results += found[0]
            figures += found[1]
    if _WEIGHTS in names:
        tell("weights")
        figures += figures_or_failure(_WEIGHTS, weights)
    table = as_markdown(results, figures, effort)
    print(table)
    if arguments.json:
        found_as_json = as_json(results, figures, effort)
        arguments.json.write_text(json.dumps(found_as_json, indent=1), "utf-8")
    if arguments.write_docs:
        write_into(DOCUMENT, table)
    failed = [result.row.name for result in results if result.failure]
    failed += [figure.label for figure in figures if figure.failed]
    if failed:
        raise SystemExit(f"Failed, see above: {', '.join(failed)}")


if __name__ == "__main__":
    main()
