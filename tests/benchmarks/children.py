"""Processes that the benchmark starts, and what they said when they fail."""

import subprocess
import sys
import tempfile
from types import TracebackType
from typing import Any, Self

from benchmarks.databases import Failed

_WAIT = 60.0
_LONGEST = 3_000


class Child:
    """A Python module running as a process of its own, ended with the block."""

    def __init__(
        self,
        name: str,
        module: str,
        *arguments: str,
        env: dict[str, str],
        **streams: Any,
    ) -> None:
        self.name = name
        self._said = ""
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  (see close)
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", module, *arguments],
            env=env,
            text=True,
            **{"stdout": self.errors, "stderr": self.errors, **streams},
        )

    def failed(self) -> Failed:
        """Return the failure with the last that the process said; it is over."""
        self.close()
        return Failed(f"{self.name}:\n{self._said}")

    def close(self) -> None:
        """End the process, gently."""
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        self.process.terminate()
        self.process.wait(timeout=_WAIT)
        if not self.errors.closed:
            self.errors.seek(0)
            self._said = self.errors.read()[-_LONGEST:]
        self.errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
