"""One clock for a whole call."""

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Deadline:
    """Measure a call against its total time; changes of the wall clock do not count."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self.started

    def remaining(self) -> float:
        """Return the seconds that are left, never less than zero."""
        return max(0.0, self.seconds - self.elapsed())
