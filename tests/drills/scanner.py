"""Reads every response and tells what it holds that this visitor must not have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from drills.canaries import Canary, canaries_in
from drills.exchange import Response
from drills.site import Page, Site
from drills.traffic import Step
from drills.visitors import State, Visitor, parsed

_LANGUAGE = re.compile(rb'<html lang="([a-z-]+)"')
_TICKED = re.compile(rb'name="situation" value="([\w-]+)" checked')
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
_STAMP = re.compile(rb"DTSTAMP:\w+")
FOREIGN = "foreign canary"
# Views of Wagtail's own, which say what Wagtail says.
_OF_THE_ADMIN = ("draft", "revision")


@dataclass
class Findings:
    """What was found in some responses."""

    leaks: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """What a visitor should have seen of their own: silence proves nothing."""

    shown: int = 0
    """How many canaries were seen by somebody who may see them."""

    hits: int = 0
    """How many pages came from a cache."""


class Scanner:
    """Remembers what each visitor was given, to know it again elsewhere."""

    def __init__(self, site: Site) -> None:
        self._canaries = {canary.value: canary for canary in site.canaries}
        self._by_place: dict[str, list[Canary]] = {}
        for canary in site.canaries:
            for place in canary.places:
                self._by_place.setdefault(place, []).append(canary)
        self._owners: dict[str, int] = {}
        self._public_bytes: dict[tuple[str, str], bytes] = {}
        self._stamps: set[str] = set()
        self.etags: list[str] = []
        self._etag_pages: dict[str, str] = {}

    def scan(self, visitor: Visitor, step: Step, response: Response) -> Findings:
        findings = Findings()
        findings.leaks += self._foreign_canaries(step, response, findings)
        findings.leaks += self._foreign_secrets(visitor, step, response)
        findings.leaks += self._not_modified(step, response)
        findings.leaks += self._user_bar(step, response)
        if step.page and step.is_plain and response.status == 200:
            if step.page.is_public:
                findings.leaks += self._changed_public_page(visitor, step, response)
            elif step.page.name not in _OF_THE_ADMIN:
                findings.leaks += unmarked(response)
            self._whole_page(step, response, findings)
        self._learn_etag(step, response)
        findings.hits += self._is_a_hit(response)
        return findings

    def _is_a_hit(self, response: Response) -> bool:
        stamp = response.header("X-Drill-Stamp")
        is_hit = stamp in self._stamps
        if stamp:
            self._stamps.add(stamp)
        return is_hit

    def _foreign_canaries(
        self, step: Step, response: Response, findings: Findings
    ) -> list[str]:
        sent = f"{step.request.target}\n{step.request.headers}".encode()
        own, leaks = canaries_in(sent), []
        for value in canaries_in(response.everything) - own:
            canary = self._canaries.get(value)
            if canary is None:
                leaks.append(f"what another visitor sent: {value}")
            elif any(state.may_see(canary, step.page) for state in step.states):
                findings.shown += 1
            else:
                leaks.append(f"{FOREIGN}: {canary.kind} {canary.key} {value}")
        return leaks

    def _foreign_secrets(
        self, visitor: Visitor, step: Step, response: Response
    ) -> list[str]:
        """A cookie or a form token given to one visitor is nobody else's."""
        leaks = []
        for header in response.all("Set-Cookie"):
            for name, morsel in parsed(header).items():
                if "mb-" in name and step.request.method != "POST":
                    leaks.append(f"a choice was set by a {step.request.method}")
                if not self._is_given_to(visitor, morsel.value):
                    leaks.append(f"foreign cookie {name}")
        leaks += [
            "foreign form token"
            for token in _TOKEN.findall(response.plain_body)
            if not self._is_given_to(visitor, token.decode())
        ]
        return leaks

    def _is_given_to(self, visitor: Visitor, secret: str) -> bool:
        if len(secret) < 20:
            return True
        return self._owners.setdefault(secret, visitor.number) == visitor.number

    def _not_modified(self, step: Step, response: Response) -> list[str]:
        if response.status != 304:
            return []
        sent = [
            value for name, value in step.request.headers if name == "If-None-Match"
        ]
        page = step.page
        # An asterisk is nobody's tag. One made of the bytes of a public page fits every
        # public page with these bytes, such as a list and its second half.
        if sent == ["*"] or (
            page and page.is_public and sent and all(map(self._etag_pages.get, sent))
        ):
            return []
        return [f"304 for an ETag that is not of this page: {sent}"]

    def _user_bar(self, step: Step, response: Response) -> list[str]:
        is_staff = any(state.role == "staff" for state in step.states)
        has_bar = b"<wagtail-userbar" in response.plain_body
        return ["the user bar of an editor"] if has_bar and not is_staff else []

    def _changed_public_page(
        self, visitor: Visitor, step: Step, response: Response
    ) -> list[str]:
        """What reads nothing is the same for everybody, to the byte."""
        if visitor.person.kind == "staff" or step.request.method != "GET":
            return []
        if step.page is None or step.language is None:
            return []
        body = _STAMP.sub(b"", response.plain_body)
        key = (step.page.name, step.language)
        first = self._public_bytes.setdefault(key, body)
        return [] if first == body else [f"{step.page.name} differs between visitors"]

    def _whole_page(self, step: Step, response: Response, findings: Findings) -> None:
        page, states = step.page, step.states
        if page is None or len(states) > 1 or step.request.method != "GET":
            return
        (state,) = states
        body = response.plain_body
        found = _LANGUAGE.search(body)
        language = found[1].decode() if found else ""
        is_ours = page.name not in _OF_THE_ADMIN
        if found and is_ours and step.language and language != step.language:
            findings.leaks.append(f"in {language}, not in {step.language}")
        if page.has_chooser:
            ticked = {slug.decode() for slug in _TICKED.findall(body)}
            if ticked - state.chosen:
                findings.leaks.append(f"ticked by another: {ticked - state.chosen}")
            if state.chosen - ticked:
                findings.missing.append(f"not ticked: {state.chosen - ticked}")
        self._own_canaries(page, state, language or step.language, body, findings)

    def _own_canaries(
        self,
        page: Page,
        state: State,
        language: str | None,
        body: bytes,
        findings: Findings,
    ) -> None:
        seen = canaries_in(body)
        findings.missing += [
            f"own canary: {canary.kind} {canary.key}"
            for canary in self._by_place.get(page.name, ())
            if state.must_see(canary, page, language or "") and canary.value not in seen
        ]

    def _learn_etag(self, step: Step, response: Response) -> None:
        etag, page = response.header("ETag"), step.page
        if not etag or page is None or not page.is_public or not step.is_plain:
            return
        if self._etag_pages.setdefault(etag, page.name) == page.name:
            self.etags.append(etag)


def unmarked(response: Response) -> list[str]:
    """Tell what a personal response fails to say about itself."""
    wrong = []
    control = response.header("Cache-Control")
    if "private" not in control or "no-store" not in control:
        wrong.append(f"personal, but Cache-Control is {control!r}")
    if "cookie" not in response.header("Vary").lower():
        wrong.append("personal, but does not vary by Cookie")
    if response.header("ETag"):
        wrong.append("personal, but has an ETag")
    return wrong
