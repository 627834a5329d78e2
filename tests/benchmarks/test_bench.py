"""The benchmark runs, counts rightly, and never keeps quiet about what it missed."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import wagtail_medborgare
from benchmarks.bench import Effort, Result
from benchmarks.goals import Measured
from benchmarks.measuring import Ratio, Times, in_pairs
from benchmarks.rows import ROWS, Row
from benchmarks.table import as_markdown, write_into

TESTS = Path(__file__).resolve().parents[1]
PACKAGE = Path(wagtail_medborgare.__file__).parents[1]
EFFORT = Effort(pairs=1, load_pairs=0, seconds=1)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(PACKAGE)])}


def run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def row(name: str) -> Row:
    return next(row for row in ROWS if row.name == name)


def measured(**counts: Any) -> Measured:
    same = Ratio(1.0, 1.0, 1.0)
    plain = {"queries": 5, "writes": 0, "cookies": [], "calls": 1_000, "digest": "a"}
    return Measured(
        counts={**plain, "digest_without_cookie": "a", **counts},
        baseline=plain,
        times=Times(cpu=same, wall=same),
        throughput=None,
        rate=None,
        resident=None,
    )


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run the command as ``make bench`` does, for two configurations."""
    answer = tmp_path_factory.mktemp("bench") / "bench.json"
    only = ["--quick", "--no-load", "--pairs", "1", "--only", "plain,ours-10"]

    done = run("benchmarks", *only, "--json", str(answer))

    assert done.returncode == 0, done.stderr
    rows = {item["name"]: item for item in json.loads(answer.read_text())["rows"]}
    return {"table": done.stdout, **rows}


def test_one_command_prints_each_configuration_beside_plain_wagtail(quick):
    assert (
        "| plain Wagtail page, uncached (noise) | plain | 5 | 0 | none |"
        in (quick["table"])
    )
    assert quick["plain"]["calls"] == 1.0
    assert quick["ours-10"]["baseline"] == "plain"
    assert quick["ours-10"]["measured"]["times"]["cpu"]["median"] > 0


def test_the_compared_pages_send_the_same_bytes(quick):
    plain, ours = (quick[name]["measured"]["counts"] for name in ("plain", "ours-10"))

    assert plain["status"] == ours["status"] == 200
    assert plain["digest"] == ours["digest"]
    assert plain["bytes"] > 8_000


def test_our_segments_cost_no_query_no_write_and_no_cookie(quick):
    assert [goal["text"] for goal in quick["ours-10"]["goals"]] == [
        "0 queries more",
        "0 writes",
        "no Set-Cookie",
    ]
    assert all(goal["is_met"] for goal in quick["ours-10"]["goals"])
    assert "0 queries more: met" in quick["table"]


def test_a_missed_goal_is_named_in_its_row_and_once_more_at_the_end():
    page = row("installed")
    missed = Result(row=page, database="SQLite", measured=measured(calls=1_011))

    table = as_markdown([missed], [], EFFORT)

    assert "calls ≤ 1.01 ×: NOT met; 0 queries more: met" in table
    assert f"- {page.label} (SQLite): calls ≤ 1.01 ×: NOT met" in table
    assert "2 of 3 goals met." in table


def test_pages_that_differ_between_visitors_are_not_the_same_for_all():
    differing = measured(digest_without_cookie="b")

    verdicts = [str(goal.verdict(differing)) for goal in row("installed").goals]

    assert "same bytes for all: NOT met" in verdicts


@pytest.mark.parametrize(
    ("why", "shown"),
    [
        ({"left_out": "wagtailcache is not there"}, "left out: wagtailcache is"),
        ({"failure": "OSError: no room"}, "FAILED: OSError: no room"),
    ],
)
def test_a_row_without_figures_says_why_and_meets_no_goal(why, shown):
    table = as_markdown([Result(row=row("hit"), database="SQLite", **why)], [], EFFORT)

    assert shown in table
    assert "CPU ≤ 0.04 ×: not measured" in table
    assert "0 of 5 goals met." in table


def test_a_goal_under_load_is_not_met_where_no_load_was_measured():
    uncached = row("ours-50:stock-50")
    fast = replace(measured(), throughput=Ratio(17, 16, 18))

    assert [goal.verdict(measured()).is_met for goal in uncached.goals] == [None]
    assert [goal.verdict(fast).is_met for goal in uncached.goals] == [True]


def test_pairs_take_turns_and_give_the_median_with_its_quartiles():
    asked: list[str] = []
    times = iter([1.0, 2.0, 1.0, 3.0, 1.0, 4.0])

    def ask(name: str) -> float:
        asked.append(name)
        return next(times)

    ratio = Ratio.of(in_pairs(lambda: ask("A"), lambda: ask("B"), pairs=3))

    assert asked == ["A", "B", "A", "B", "A", "B"]
    assert ratio == Ratio(3.0, 2.5, 3.5)


def test_each_row_has_a_name_of_its_own():
    names = [row.name for row in ROWS]

    assert sorted(set(names)) == sorted(names)


def test_an_unknown_row_is_refused():
    done = run("benchmarks", "--only", "no-such-row")

    assert done.returncode == 1
    assert "Unknown: no-such-row" in done.stderr


def test_the_documents_table_is_renewed_between_its_marks(tmp_path):
    document = tmp_path / "performance.md"
    document.write_text("Before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nAfter")

    write_into(document, "| new \\1 |")

    assert document.read_text() == (
        "Before\n<!-- bench:begin -->\n\n| new \\1 |\n\n<!-- bench:end -->\nAfter"
    )


class Answering(http.server.BaseHTTPRequestHandler):
    """A server that says no to every request with a cookie."""

    def do_GET(self) -> None:
        self.send_response(403 if self.headers["Cookie"] else 200)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def address() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_load_without_wrk_tells_its_rate_and_what_was_refused(address):
    good = run("benchmarks.generator", address, "0.3", "2")
    refused = run("benchmarks.generator", address, "0.3", "2", "Cookie: a=b")

    assert float(good.stdout.removeprefix("Requests/sec:")) > 1
    assert "Non-2xx or 3xx responses:" in refused.stdout


def wait_for_a_child_of(group: int) -> None:
    """Wait until the process has started another in its group."""
    for _attempt in range(300):
        found = subprocess.run(
            ["ps", "-e", "-o", "pgid="], capture_output=True, text=True, check=True
        )
        if found.stdout.split().count(str(group)) > 1:
            return
        time.sleep(0.1)
    pytest.fail("it started nothing")


def test_a_run_that_is_told_to_end_leaves_no_process_behind():
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks", "--quick", "--only", "plain"],
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        wait_for_a_child_of(running.pid)

        running.terminate()
        running.terminate()
        said = running.communicate(timeout=60)[1]

    assert running.returncode == 1
    assert "Ended before it was done." in said
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
