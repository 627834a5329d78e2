"""Real servers under real load: gunicorn with two workers, and wrk or the like."""

import http.client
import re
import shutil
import socket
import subprocess
import sys
import time

from benchmarks.children import Child
from benchmarks.configurations import Configuration
from benchmarks.databases import Database, Failed

WORKERS = 2
CONNECTIONS = 8
FEWEST = 40
"""Fewer answers than this are no rate: slow pages are asked for longer."""
_WAIT = 60.0
_WRK = shutil.which("wrk")
GENERATOR = "wrk" if _WRK else "our own generator in Python (wrk is not installed)"


class Server(Child):
    """gunicorn with one configuration, asked for one address."""

    def __init__(self, configuration: Configuration, database: Database) -> None:
        self._path = configuration.path
        self._cookie = database.cookie if configuration.has_choice else ""
        self._port = _free_port()
        self._least_seconds = 1.0
        super().__init__(
            configuration.name,
            "gunicorn",
            *("benchmarks.wsgi:application", "--workers", str(WORKERS)),
            *("--bind", f"127.0.0.1:{self._port}", "--log-level", "error"),
            env=configuration.environment(database.url),
        )
        self._wait()

    def rate(self, seconds: float) -> float:
        """Return the requests a second that it answers. Failed where any is refused."""
        # What an earlier load has left in the queue is not this one's.
        self._answers()
        seconds = max(seconds, self._least_seconds)
        url = f"http://127.0.0.1:{self._port}{self._path}"
        headers = {"Accept-Language": "sv", "Cookie": self._cookie}
        command = _wrk(url, headers, seconds) if _WRK else _own(url, headers, seconds)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
        if rate is None or "Non-2xx" in done.stdout or not float(rate[1]):
            said = f"{done.stdout}{done.stderr}"
            raise Failed(f"{said}\n{self.name}: refused or unanswered under load")
        return float(rate[1])

    def _wait(self) -> None:
        """Let each worker answer before anything is measured."""
        end = time.monotonic() + _WAIT
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise self.failed()
            time.sleep(0.2)
        self._latency()
        self._least_seconds = FEWEST / WORKERS * self._latency()
        self.rate(1)

    def _latency(self) -> float:
        start = time.perf_counter()
        for _ in range(3):
            self._answers()
        return (time.perf_counter() - start) / 3

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_WAIT)
        try:
            connection.request("GET", self._path, headers={"Cookie": self._cookie})
            return connection.getresponse().status == http.client.OK
        except ConnectionError:
            return False
        finally:
            connection.close()


def _wrk(url: str, headers: dict[str, str], seconds: float) -> list[str]:
    command = [str(_WRK), "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"] if value else []
    return [*command, url]


def _own(url: str, headers: dict[str, str], seconds: float) -> list[str]:
    given = [f"{name}: {value}" for name, value in headers.items() if value]
    generator = [sys.executable, "-m", "benchmarks.generator"]
    return [*generator, url, str(seconds), str(CONNECTIONS), *given]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
