"""The isolation drill on every stack: ``python -m drills``, see ``make drills``.

``DRILL_REQUESTS`` (100,000) is the number over all stacks, ``DRILL_SEED`` repeats a run,
``DRILL_STACKS`` names some stacks only, parted by semicolons.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from drills.stacks import STACKS, Ground, isolation


def main() -> int:
    n = int(os.environ.get("DRILL_REQUESTS", "100000"))
    seed = int(os.environ.get("DRILL_SEED", time.time_ns() % 10**9))
    wanted = [name for name in os.environ.get("DRILL_STACKS", "").split(";") if name]
    stacks = [item for item in STACKS if not wanted or item.name in wanted]
    ready = [stack for stack in stacks if not stack.missing()]
    for stack in stacks:
        if stack.missing():
            print(f"skipped: {stack.name} needs {stack.missing()}", flush=True)
    print(f"seed {seed}, {n} requests over {len(ready)} stacks", flush=True)
    total = leaks = missing = 0
    with tempfile.TemporaryDirectory(prefix="drill") as folder:
        ground = Ground(folder=Path(folder))
        ground.build()
        for number, stack in enumerate(ready):
            share = n // len(ready) + (number < n % len(ready))
            result = isolation(stack, ground, n=share, seed=seed)
            print(json.dumps(result.as_dict(), ensure_ascii=False), flush=True)
            total, leaks = total + result.n, leaks + result.leaks
            missing += result.missing
    print(f"{total} requests, {leaks} leaks, {missing} missing, seed {seed}")
    return 1 if leaks or missing else 0


if __name__ == "__main__":
    sys.exit(main())
