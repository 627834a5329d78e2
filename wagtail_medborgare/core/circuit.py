"""A circuit that spares a request the wait for something that does not answer."""

import threading
import time


class Circuit:
    """Open for ``seconds`` after a failure; then one caller may try, and the rest wait.

    Kept in the memory of the process: what a broken dependency costs is known locally.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._open_until = 0.0
        self._lock = threading.Lock()

    def may_try(self) -> bool:
        """Say whether this caller may try; after a pause, one at a time."""
        if not self._open_until:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._open_until:
                return False
            self._open_until = now + self._seconds
            return True

    def succeeded(self) -> None:
        """Let everybody try again."""
        self._open_until = 0.0

    def failed(self) -> None:
        """Spare all callers the next attempts."""
        self._open_until = time.monotonic() + self._seconds
