"""Look at the web addresses that services lead to: bounded, polite, and resumable."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, Queue
from urllib.parse import urldefrag, urlsplit

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.http import (
    HttpDeadlineExceeded,
    HttpError,
    HttpPolicy,
    HttpRefused,
    HttpUnavailable,
    fetch,
)
from wagtail_medborgare.services.models import Channel, CheckedLink
from wagtail_medborgare.services.reports.problems import MOVED

logger = logging.getLogger(__name__)

HOSTS_AT_ONCE = 8
PAUSE_SECONDS = 0.5
"""Between two looks at the same host: a municipality's own server is one, too."""
REQUEST_SECONDS = 8.0

# What a server says of the one who asks, and not of the page.
_SAYS_NOTHING = {401, 403, 405, 406, 407, 429}
_GONE = {404, 410}


@dataclass(frozen=True)
class Finding:
    """What one look at an address told."""

    url: str
    problem: str = ""
    """A word of ``problems``; empty where it works."""

    @property
    def is_broken(self) -> bool:
        return bool(self.problem) and self.problem != MOVED


@dataclass
class LinkSummary:
    """What a run did."""

    known: int = 0
    looked_at: int = 0
    broken: int = 0
    mended: int = 0
    problems: Counter[str] = field(default_factory=Counter)

    @property
    def left(self) -> int:
        return self.known - self.looked_at


def check_links(*, seconds: float, pause: float = PAUSE_SECONDS) -> LinkSummary:
    """Look at the addresses of all published services until the time is over.

    Those that were looked at longest ago come first, and each finding is written at
    once: a run that is stopped, or has too little time, goes on where it was.
    """
    deadline = time.monotonic() + seconds
    urls = _urls()
    CheckedLink.objects.exclude(url__in=_channels().values("url")).delete()
    summary = LinkSummary(known=len(urls))
    broken = {*CheckedLink.objects.filter(is_broken=True).values_list("url", flat=True)}
    for finding in _Rounds(urls, deadline=deadline, pause=pause):
        _write(finding)
        summary.looked_at += 1
        summary.broken += finding.is_broken
        summary.mended += finding.url in broken and not finding.is_broken
        if finding.problem:
            summary.problems[finding.problem] += 1
    return summary


def _channels() -> QuerySet[Channel]:
    return Channel.objects.filter(service__live=True).exclude(url="")


def _urls() -> list[str]:
    """Return the addresses: those never looked at, then the ones longest ago."""
    looked_at = dict(CheckedLink.objects.values_list("url", "checked_at"))
    urls = sorted({*_channels().values_list("url", flat=True)})
    never = [url for url in urls if url not in looked_at]
    rest = [url for url in urls if url in looked_at]
    return [*never, *sorted(rest, key=lambda url: looked_at[url])]


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""  # “http://[”: it is told when it is looked at.


class _Rounds:
    """Rounds by several hosts side by side, one address of a host at a time."""

    def __init__(self, urls: list[str], *, deadline: float, pause: float) -> None:
        self._deadline = deadline
        self._pause = pause
        self._by_host: dict[str, list[str]] = {}
        for url in urls:
            self._by_host.setdefault(_host_of(url), []).append(url)
        self._found: Queue[Finding | None] = Queue()
        self._stop = threading.Event()

    def __iter__(self) -> Iterator[Finding]:
        """Yield findings as they come; only the caller's thread touches the database."""
        pool = ThreadPoolExecutor(HOSTS_AT_ONCE, thread_name_prefix="medborgare-links")
        try:
            for urls in self._by_host.values():
                pool.submit(self._go_round, urls)
            yield from self._findings(len(self._by_host))
        finally:
            self._stop.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _findings(self, rounds: int) -> Iterator[Finding]:
        while rounds:
            try:
                finding = self._found.get(timeout=max(self._left, 0.01))
            except Empty:
                return
            if finding is None:
                rounds -= 1
            else:
                yield finding

    def _go_round(self, urls: list[str]) -> None:
        try:
            for place, url in enumerate(urls):
                if place:
                    self._stop.wait(self._pause)
                if self._left <= 0 or self._stop.is_set():
                    return
                finding = look_at(url, seconds=min(self._left, REQUEST_SECONDS))
                self._found.put(finding)
        except Exception:
            # Nobody reads the result of a round: say it, and let the others go on.
            logger.exception("a round of the link check ended early")
        finally:
            self._found.put(None)

    @property
    def _left(self) -> float:
        return self._deadline - time.monotonic()


def look_at(url: str, *, seconds: float) -> Finding:
    """Look at one address; what it is, and never what it says."""
    policy = HttpPolicy(
        name="links",
        allowed=(),
        any_public=True,
        deadline=seconds,
        # Of a page that is there a few bytes tell it: the rest is left unread.
        max_bytes=1024,
        content_types=("*/*",),
        loopback=tuple(app_settings.LINK_LOOPBACK),
        slots=HOSTS_AT_ONCE,
        # One host that is down says nothing of the others.
        failures_to_open=1_000_000,
    )
    try:
        problem = _problem(policy, iri_to_uri(urldefrag(url).url))
    except ValueError:  # “http://[”
        return Finding(url, "not_an_address")
    if problem == MOVED and url.startswith("http://"):
        # Most such addresses only lead to the same one over https.
        secure = "https://" + url.removeprefix("http://")
        if not _problem(policy, iri_to_uri(urldefrag(secure).url)):
            problem = ""
    return Finding(url, problem)


def _problem(policy: HttpPolicy, url: str) -> str:
    try:
        fetch(policy, url, path_template="/link")
    except HttpError as error:
        return _problem_of(error)
    return ""


def _problem_of(error: HttpError) -> str:
    status = error.status
    if status is not None:
        return _problem_of_status(status)
    if isinstance(error, HttpDeadlineExceeded):
        return "slow"
    if isinstance(error, HttpRefused):
        return "not_public" if "address that" in error.reason else "not_an_address"
    return "unreachable" if isinstance(error, HttpUnavailable) else "failing"


def _problem_of_status(status: int) -> str:
    if status < 300 or status in _SAYS_NOTHING:
        return ""  # It answers, if not with what we would read.
    if status < 400:
        return MOVED
    if status in _GONE:
        return "gone"
    return "failing" if status >= 500 else "refused"


def _write(finding: Finding) -> None:
    now = timezone.now()
    link = CheckedLink.objects.filter(url=finding.url).first()
    link = link or CheckedLink(url=finding.url)
    if not finding.is_broken:
        link.broken_since = None
    elif link.broken_since is None:
        link.broken_since = now
    link.is_broken, link.problem = finding.is_broken, finding.problem
    link.checked_at = now
    link.save()
