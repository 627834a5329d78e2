"""One configuration in a process of its own, asked through its pipes.

Run as ``python -m benchmarks.probe``: each line of standard input is a command as JSON,
each line of standard output its answer. Requests go to Django's own WSGI handler; no
test client stands between, since its own work would be counted on both sides.
"""

import cProfile
import hashlib
import io
import json
import os
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection

from benchmarks.memory import resident_bytes

ROUNDS = 5
SLOW_SECONDS = 0.1
"""A request that takes longer than this is counted once."""
_TRANSACTION = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")
_WRITE = ("INSERT", "UPDATE", "DELETE")


class Site:
    """The site, asked for one address by one visitor."""

    def __init__(self, path: str, cookie: str) -> None:
        self._handler = get_wsgi_application()
        self._environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT": "text/html",
            "HTTP_ACCEPT_LANGUAGE": "sv",
            "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if cookie:
            self._environ["HTTP_COOKIE"] = cookie

    def get(self, *, cookie: str | None = None) -> tuple[str, Any, bytes]:
        """Return the status, headers and body of one response."""
        environ = {**self._environ, "wsgi.input": io.BytesIO()}
        if cookie is not None:
            environ["HTTP_COOKIE"] = cookie
        start: list[Any] = []
        response = self._handler(environ, lambda *args: start.extend(args))
        try:
            body = b"".join(response)
        finally:
            response.close()
        return start[0], start[1], body


@contextmanager
def _recorded_statements() -> Iterator[list[str]]:
    """Collect the SQL of a block, without what only opens and closes transactions."""
    statements: list[str] = []

    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(_TRANSACTION):
            statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield statements


def first(site: Site) -> dict[str, float]:
    """Time the one request that a process can only answer once."""
    return requests(site, count=1)


def requests(site: Site, *, count: int) -> dict[str, float]:
    """Time some requests: seconds of wall and of this process's CPU for each."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        site.get()
    return {
        "wall": (time.perf_counter() - wall) / count,
        "cpu": (time.process_time() - cpu) / count,
    }


def counts(site: Site) -> dict[str, Any]:
    """Count what a warm request does; the median, since once a second a stamp is read."""
    recorded = []
    rounds = ROUNDS if requests(site, count=1)["cpu"] < SLOW_SECONDS else 1
    for _ in range(rounds):
        with _recorded_statements() as statements:
            status, headers, body = site.get()
        recorded.append(statements)
    return {
        "status": int(status.split()[0]),
        "queries": statistics.median_low([len(item) for item in recorded]),
        "most_queries": max(len(item) for item in recorded),
        "writes": statistics.median_low(
            [sum(sql.startswith(_WRITE) for sql in item) for item in recorded]
        ),
        "cookies": sorted(
            value.split("=")[0].strip()
            for name, value in headers
            if name == "Set-Cookie"
        ),
        "bytes": len(body),
        "digest": hashlib.sha256(body).hexdigest(),
        "digest_without_cookie": hashlib.sha256(site.get(cookie="")[2]).hexdigest(),
        "cache_control": dict(headers).get("Cache-Control", ""),
        "calls": statistics.median_low([_calls(site) for _ in range(rounds)]),
    }


def _calls(site: Site) -> int:
    """Count the function calls of one request, those into C included."""
    profile = cProfile.Profile()
    profile.enable()
    site.get()
    profile.disable()
    total: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    return total


def memory(site: Site) -> dict[str, int | None]:
    """Say how much of the machine's memory this process holds."""
    return {"resident": resident_bytes(os.getpid())}


def snapshot(site: Site) -> dict[str, Any]:
    """Measure the snapshot of the segments: its size, and how it is renewed."""
    from benchmarks.snapshots import measure_segments

    return measure_segments()


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    item.__name__: item for item in (first, requests, counts, memory, snapshot)
}


def main() -> None:
    # Whatever the site prints goes elsewhere: the pipe is for answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    site = Site(os.environ["BENCH_PATH"], os.environ["BENCH_COOKIE"])
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        answer = COMMANDS[command.pop("do")](site, **command)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
