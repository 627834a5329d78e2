"""Real servers as child processes, each on a free port and gone afterwards."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
START_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def environment(database: Path, shape: str, *, redis: str = "") -> dict[str, str]:
    """Return the environment of a process that serves this database in this shape."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(TESTS), str(ROOT))),
        "PYTHONWARNINGS": "ignore",
        "DJANGO_SETTINGS_MODULE": "drills.settings",
        "DRILL_DATABASE": str(database),
        "DRILL_SHAPE": shape,
        "DRILL_REDIS": redis,
    }


@contextmanager
def child(
    command: list[str], *, log: Path, listens_on: str | int, env: dict[str, str] | None
) -> Iterator[None]:
    """Run a server in a process group of its own until it is no longer needed."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env=env, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_until_it_listens(process, listens_on, log)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_it_listens(
    process: subprocess.Popen[bytes], address: str | int, log: Path
) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        if _listens(address):
            return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args} did not start: {log.read_text()[-3000:]}")


def _listens(address: str | int) -> bool:
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    where = address if isinstance(address, str) else ("127.0.0.1", address)
    with socket.socket(family) as probe:
        probe.settimeout(1)
        return probe.connect_ex(where) == 0


@contextmanager
def gunicorn(
    listens_on: str | int,
    env: dict[str, str],
    log: Path,
    *,
    workers: int = 1,
    threads: int = 8,
) -> Iterator[None]:
    bind = f"unix:{listens_on}" if isinstance(listens_on, str) else f":{listens_on}"
    command = [
        *(sys.executable, "-m", "gunicorn", "drills.entry:application"),
        *("--workers", str(workers), "--threads", str(threads)),
        *("--bind", bind.replace(":", "127.0.0.1:", 1) if bind[0] == ":" else bind),
        *("--keep-alive", "60", "--no-control-socket"),
    ]
    with child(command, log=log, listens_on=listens_on, env=env):
        yield


@contextmanager
def uvicorn(port: int, env: dict[str, str], log: Path) -> Iterator[None]:
    command = [
        *(sys.executable, "-m", "uvicorn", "drills.entry:asgi", "--lifespan", "off"),
        *("--port", str(port), "--log-level", "error", "--timeout-keep-alive", "60"),
    ]
    with child(command, log=log, listens_on=port, env=env):
        yield


@contextmanager
def nginx(site_config: str, port: int, folder: Path) -> Iterator[None]:
    """Run nginx in a folder with what stands inside ``http { … }``."""
    for name in ("cache", "temp", "logs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/temp/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid;\n"
        f"{_as_this_user()}error_log {folder}/logs/error.log;\n"
        "events { worker_connections 256; }\n"
        f"http {{ access_log off; {temporary}\n{site_config}\n}}\n",
        encoding="utf-8",
    )
    command = ["nginx", "-p", str(folder), "-c", str(config)]
    with child(command, log=folder / "logs/start.log", listens_on=port, env=None):
        yield


def _as_this_user() -> str:
    # Started by root, nginx would leave the folder of the test to somebody else.
    return "user root;\n" if os.geteuid() == 0 else ""
