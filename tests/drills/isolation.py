"""T1: many visitors on one site, interleaved at random; nobody sees anybody else's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from random import Random

from drills.exchange import Transport
from drills.scanner import FOREIGN, Findings, Scanner
from drills.site import Site
from drills.traffic import Step, Traffic
from drills.visitors import Visitor, make_visitors

MOST_TOLD = 20


@dataclass
class Result:
    """What one stack answered; the first findings say how to repeat them."""

    drill: str
    stack: str
    n: int
    leaks: int
    seconds: float
    foreign: int
    """The leaks that are somebody else's canaries."""

    missing: int
    """What visitors should have seen of their own and did not."""

    shown: int
    """Canaries seen by somebody who may see them: the drill is not blind."""

    hits: int
    """Pages that came from a cache: the drill does not miss what it is to try."""

    answers: dict[str, int]
    seed: int
    told: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


@dataclass
class Tally:
    """What one thread of clients counts."""

    n: int = 0
    findings: Findings = field(default_factory=Findings)
    answers: dict[str, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    error: BaseException | None = None


class Crowd:
    """Some of the visitors, taking turns on one connection."""

    def __init__(
        self,
        visitors: list[Visitor],
        traffic: Traffic,
        scanner: Scanner,
        random: Random,
    ) -> None:
        self._visitors = visitors
        self._traffic = traffic
        self._scanner = scanner
        self._random = random
        self.tally = Tally()

    def send(self, transport: Transport, n: int) -> None:
        try:
            for _number in range(n):
                self._one(self._random.choice(self._visitors), transport)
        except BaseException as error:  # noqa: BLE001  # the main thread raises it
            self.tally.error = error

    def _one(self, visitor: Visitor, transport: Transport) -> None:
        step = self._traffic.next(visitor)
        response = transport.send(step.request)
        found = self._scanner.scan(visitor, step, response)
        if step.after is not None:
            visitor.keep_cookies(response)
            if response.status == 303:
                visitor.state = step.after
            else:
                found.missing.append(f"a choice was answered with {response.status}")
        if response.status >= 500:
            found.missing.append(f"answered with {response.status}")
        self._count(visitor, step, response.status, found)

    def _count(
        self, visitor: Visitor, step: Step, status: int, found: Findings
    ) -> None:
        tally = self.tally
        tally.n += 1
        tally.answers[str(status)] = tally.answers.get(str(status), 0) + 1
        tally.findings.leaks += found.leaks
        tally.findings.missing += found.missing
        tally.findings.shown += found.shown
        tally.findings.hits += found.hits
        for what in (*found.leaks, *found.missing):
            if len(tally.told) < MOST_TOLD:
                tally.told.append(
                    f"request {tally.n} visitor {visitor.number} "
                    f"({visitor.person.kind}, {sorted(visitor.state.chosen)}): {what}; "
                    f"{step.request.method} {step.request.target} "
                    f"{[pair for pair in step.request.headers if pair[0] != 'Cookie']}"
                )


def run(
    stack: str,
    connect: Callable[[], Transport],
    site: Site,
    *,
    n: int,
    seed: int,
    threads: int = 1,
) -> Result:
    """Let all visitors send ``n`` requests, each thread with visitors of its own."""
    visitors, scanner = make_visitors(site), Scanner(site)
    crowds = []
    for number in range(threads):
        random = Random(f"{seed}/{number}")
        traffic = Traffic(site, random, scanner.etags)
        crowds.append(Crowd(visitors[number::threads], traffic, scanner, random))
    started = time.monotonic()
    _send_all(crowds, connect, n)
    return _result(stack, crowds, seed, time.monotonic() - started)


def _send_all(crowds: list[Crowd], connect: Callable[[], Transport], n: int) -> None:
    share, rest = divmod(n, len(crowds))
    running = [
        threading.Thread(target=crowd.send, args=(connect(), share + (number < rest)))
        for number, crowd in enumerate(crowds)
    ]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    for crowd in crowds:
        if crowd.tally.error is not None:
            raise crowd.tally.error


def _result(stack: str, crowds: list[Crowd], seed: int, seconds: float) -> Result:
    tallies = [crowd.tally for crowd in crowds]
    answers: dict[str, int] = {}
    for tally in tallies:
        for status, number in tally.answers.items():
            answers[status] = answers.get(status, 0) + number
    leaks = [leak for tally in tallies for leak in tally.findings.leaks]
    return Result(
        drill="isolation",
        stack=stack,
        n=sum(tally.n for tally in tallies),
        leaks=len(leaks),
        foreign=sum(leak.startswith(FOREIGN) for leak in leaks),
        seconds=round(seconds, 1),
        missing=sum(len(tally.findings.missing) for tally in tallies),
        shown=sum(tally.findings.shown for tally in tallies),
        hits=sum(tally.findings.hits for tally in tallies),
        answers=dict(sorted(answers.items())),
        seed=seed,
        told=[line for tally in tallies for line in tally.told][:MOST_TOLD],
    )
