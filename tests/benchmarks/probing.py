"""Talk to probes: one configuration each, in a process of its own."""

import json
import subprocess
from typing import Any, Self

from benchmarks.children import Child
from benchmarks.configurations import Configuration
from benchmarks.databases import Database

WARM_UP = 5


class Probe(Child):
    """A running configuration that answers commands, one at a time."""

    def __init__(self, configuration: Configuration, database: Database) -> None:
        self.configuration = configuration
        super().__init__(
            configuration.name,
            "benchmarks.probe",
            env={
                **configuration.environment(database.url),
                "BENCH_PATH": configuration.path,
                "BENCH_COOKIE": database.cookie if configuration.has_choice else "",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._read()

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Let the process do something, and return what it found."""
        assert self.process.stdin is not None
        try:
            print(json.dumps({"do": command, **arguments}), file=self.process.stdin)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # The reading below tells why.
        return self._read()

    def warm(self) -> Self:
        """Let it answer until nothing happens for the first time any more."""
        self.ask("requests", count=WARM_UP)
        return self

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise self.failed()
        answer: dict[str, Any] = json.loads(line)
        return answer
