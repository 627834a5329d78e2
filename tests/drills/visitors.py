"""The model: what each browser has chosen at this moment, and so what it may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from drills.canaries import Canary
from drills.exchange import Response
from drills.site import Page, Person, Site


@dataclass(frozen=True, kw_only=True)
class State:
    """What the site knows of one browser."""

    chosen: frozenset[str] = frozenset()
    saved: frozenset[str] = frozenset()
    dismissed: frozenset[str] = frozenset()
    role: str = ""

    def may_see(self, canary: Canary, page: Page | None) -> bool:
        """Say whether a response from this address may hold the canary."""
        is_public = page is not None and page.is_public
        key = canary.key
        return {
            "chosen": key in self.chosen,
            "not-chosen": key not in self.chosen,
            "public": is_public or key in self.chosen,
            "saved": is_public or key in self.saved,
            "dismissed": is_public or key in self.dismissed,
            "staff": self.role == "staff",
            "guest": self.role == "guest",
        }[canary.kind]

    def must_see(self, canary: Canary, page: Page, language: str) -> bool:
        """Say whether this page, whole and in this language, has to hold the canary."""
        if page.name not in canary.places:
            return False
        if language != "sv" and not (
            canary.in_every_language or canary.kind in ("staff", "guest")
        ):
            return False
        # Without a situation nothing is suggested, and so nothing was waved away.
        if canary.kind == "dismissed" and not self.chosen:
            return False
        return self.may_see(canary, page)


@dataclass
class Visitor:
    """One browser: its cookies, and the model's opinion of what they mean."""

    number: int
    person: Person
    state: State = field(default_factory=State)
    cookies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, number: int, person: Person) -> Visitor:
        visitor = cls(number, person)
        if person.session:
            visitor.cookies["sessionid"] = person.session
            visitor.state = State(role=person.kind)
        return visitor

    def keep_cookies(self, response: Response) -> None:
        """Store what the response sets and drop what it deletes, as a browser does."""
        for value in response.all("Set-Cookie"):
            for name, morsel in parsed(value).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)


def parsed(set_cookie: str) -> SimpleCookie:
    """Read one Set-Cookie header; what cannot be read is no cookie."""
    try:
        return SimpleCookie(set_cookie)
    except CookieError:
        return SimpleCookie()


def make_visitors(site: Site) -> list[Visitor]:
    """Return a browser for each person of the site."""
    return [Visitor.of(number, person) for number, person in enumerate(site.people)]
