"""How much memory processes hold: from psutil, or from Linux itself."""

from importlib.util import find_spec
from pathlib import Path

_HAS_PSUTIL = find_spec("psutil") is not None


def resident_bytes(pid: int) -> int | None:
    """Return the resident set of a process; None where nothing can say it."""
    if _HAS_PSUTIL:
        import psutil

        size: int = psutil.Process(pid).memory_info().rss
        return size
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    for line in status.read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return None
