from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from drills.stacks import STACKS, Ground, Stack


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "drill: starts real servers and sends many requests"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.drill)


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """A site with 200 visitors, built once."""
    # Not below pytest's own folder: the path of a socket has at most 107 bytes.
    with TemporaryDirectory(prefix="drill") as folder:
        ground = Ground(folder=Path(folder))
        ground.build()
        yield ground


@pytest.fixture(scope="session")
def seed() -> int:
    """Another one each day; ``DRILL_SEED`` repeats a run."""
    seed = int(os.environ.get("DRILL_SEED", time.time_ns() % 10**9))
    print(f"DRILL_SEED={seed}")
    return seed


@pytest.fixture(scope="session")
def share() -> int:
    """How many requests each stack gets of ``DRILL_REQUESTS``."""
    return -(-int(os.environ.get("DRILL_REQUESTS", "10000")) // len(STACKS))


@pytest.fixture
def needs() -> Callable[[Stack], None]:
    def skip_without(stack: Stack) -> None:
        if stack.missing():
            pytest.skip(f"{stack.name} needs {stack.missing()}")

    return skip_without


@pytest.fixture
def tell(
    capsys: pytest.CaptureFixture[str], record_property: Any
) -> Callable[[dict[str, Any]], None]:
    """Print the line of a drill, past what pytest captures."""

    def tell(result: dict[str, Any]) -> None:
        import json

        record_property("drill", json.dumps(result, ensure_ascii=False))
        with capsys.disabled():
            print(f"\n{json.dumps(result, ensure_ascii=False)}")

    return tell
