"""How many bytes a browser gets, compressed as a web server compresses them."""

import gzip
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import wagtail_medborgare
from benchmarks.databases import Failed

LEVEL = 6
PACKAGE = Path(wagtail_medborgare.__file__).parent
EXAMPLE = Path(__file__).resolve().parents[2] / "example_site"


@dataclass(frozen=True, kw_only=True)
class PageWeight:
    """What the start page of the example site transfers before any picture."""

    bytes: int
    files: int
    blocking_scripts: int


def compressed(content: bytes) -> int:
    """Return the size that is transferred."""
    return len(gzip.compress(content, compresslevel=LEVEL, mtime=0))


def static_weight(suffix: str) -> int:
    """Return the compressed size of our files of one kind that visitors get."""
    return sum(
        compressed(path.read_bytes())
        for path in PACKAGE.glob(f"*/static/**/*{suffix}")
        if not path.name.startswith("admin")
    )


def page_weight() -> PageWeight:
    """Load the example municipality and weigh its start page."""
    with tempfile.TemporaryDirectory(prefix="bench-example-") as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/example.sqlite3",
            "DJANGO_SETTINGS_MODULE": "strandvik.settings",
            "PYTHONPATH": os.pathsep.join(
                [str(EXAMPLE), os.environ.get("PYTHONPATH", "")]
            ),
        }
        manage = [sys.executable, "-W", "ignore", str(EXAMPLE / "manage.py")]
        _run([*manage, "migrate", "--verbosity", "0"], environment)
        _run([*manage, "municipality_load_demo"], environment)
        found = _run([sys.executable, "-m", "benchmarks.start_page"], environment)
    return PageWeight(**json.loads(found))


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"{' '.join(command[2:])}: {done.stderr[-3000:]}")
    return done.stdout
