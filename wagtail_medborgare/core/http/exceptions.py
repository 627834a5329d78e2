"""What can go wrong with a call to another system; nothing here repeats its address."""


class HttpError(Exception):
    """A call to another system that gave no usable answer.

    The message holds the connector, the path template and a fixed reason, never the
    address, the query, a header or a byte of the body: messages end up in logs.
    """

    connector = ""
    path_template = ""

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status

    def __str__(self) -> str:
        where = f"{self.connector} {self.path_template}".strip()
        return f"{where}: {self.reason}" if where else self.reason


class HttpRefused(HttpError):
    """The policy forbids the address, or the answer is of a kind it forbids."""


class HttpTooLarge(HttpError):
    """The answer has more bytes than the policy allows."""


class HttpDeadlineExceeded(HttpError):
    """The whole exchange did not end within the policy's deadline."""


class HttpUnavailable(HttpError):
    """The system cannot be reached, is failing (5xx) or asks us to wait (429)."""

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason, status=status)
        self.retry_after = retry_after


class HttpCircuitOpen(HttpError):
    """Recent calls failed, so this one was not made."""


class HttpStatusError(HttpError):
    """The system works and says no: a status from 400 to 499 other than 429."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}", status=status)


class InvalidJson(HttpError, ValueError):
    """The body is not the strict JSON that we accept."""

    def __init__(self, reason: str, *, rule: str = "", line: int = 0, column: int = 0):
        """Name the broken rule, and where it was broken when that is known."""
        super().__init__(reason)
        self.rule = rule
        self.line = line
        self.column = column
