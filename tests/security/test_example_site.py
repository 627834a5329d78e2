"""The example municipality: every page, every role, in a process of its own (T2)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import wagtail_medborgare

TESTS = Path(__file__).resolve().parents[1]
SITE = TESTS.parent / "example_site"
PACKAGE = Path(wagtail_medborgare.__file__).parents[1]


def test_every_page_of_the_example_site_is_marked_as_it_reads(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(TESTS / "security" / "visit_example_site.py")],
        cwd=SITE,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "strandvik.settings",
            "DJANGO_DEBUG": "0",
            "DEMO_PASSWORD": "only-for-this-test",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
            "CACHE_URL": "",
            "PYTHONPATH": os.pathsep.join(map(str, (SITE, TESTS, PACKAGE))),
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout)
    print(f"T2, example site: {result['answers']} answers of {result['paths']} paths")
    assert result["unlisted"] == []
    assert result["wrong"] == {}
    assert result["changed"] == []
    assert result["paths"] > 50
