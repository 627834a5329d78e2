"""The same site with the stock adapter and with ours, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import wagtail_medborgare

TESTS = Path(__file__).resolve().parents[1]
PACKAGE = Path(wagtail_medborgare.__file__).parents[1]


def counted(*, ours: bool) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(TESTS / "projects" / "count_queries.py")],
        env={
            **os.environ,
            "OURS": str(int(ours)),
            "PYTHONPATH": os.pathsep.join([str(TESTS), str(PACKAGE)]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


def test_the_stock_adapter_pays_for_each_segment_and_ours_for_none():
    stock, ours = counted(ours=False), counted(ours=True)

    for count in stock:
        print(f"{count:>3} segments: stock {stock[count]}, ours {ours[count]}")
    for count in ("1", "10", "40"):
        # 8 rule models and one exclusion query for each segment, at least.
        assert stock[count]["queries"] >= stock["0"]["queries"] + 9 * int(count) - 1
    assert {item["queries"] for item in ours.values()} == {ours["0"]["queries"]}
    assert ours["0"]["queries"] < stock["0"]["queries"]
    assert all("sessionid" in item["cookies"] for item in stock.values())
    assert all(item["cookies"] == [] for item in ours.values())
