"""The snapshot of segments under a magnifying glass: bytes, seconds, threads."""

import statistics
import threading
import time
import tracemalloc
from typing import Any

from django.db import connection

from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.segments.snapshot import segments

THREADS = 8
ROUNDS = 7


def measure_segments() -> dict[str, Any]:
    """Return the snapshot's size, the time to rebuild it, and how many rebuild at once."""
    return {
        "segments": len(segments.get().by_pk),
        "bytes": _bytes(),
        **_seconds(),
        "at_once": _rebuilds_at_once(),
    }


def _bytes() -> int:
    segments.forget()
    tracemalloc.start()
    before, _peak = tracemalloc.get_traced_memory()
    kept = segments.get()
    after, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept.by_pk
    return after - before


def _seconds() -> dict[str, float]:
    wall, cpu = [], []
    for _ in range(ROUNDS):
        segments.forget()
        started = time.perf_counter(), time.process_time()
        segments.get()
        wall.append(time.perf_counter() - started[0])
        cpu.append(time.process_time() - started[1])
    return {"wall": statistics.median(wall), "cpu": statistics.median(cpu)}


def _rebuilds_at_once() -> int:
    """Return the most threads that were seen to load the same snapshot at one time."""
    lock = threading.Lock()
    loading = most = 0

    def load() -> Any:
        nonlocal loading, most
        with lock:
            loading += 1
            most = max(most, loading)
        found = segments._load()
        with lock:
            loading -= 1
        return found

    snapshot = Snapshot("bench", load)

    def ask() -> None:
        snapshot.get()
        connection.close()

    for _ in range(ROUNDS):
        snapshot.forget()
        threads = [threading.Thread(target=ask) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return most
