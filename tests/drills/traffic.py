"""What a visitor does next: drawn at random, honest or tricky."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from urllib.parse import urlencode

from drills import languages
from drills.canaries import new_canary
from drills.exchange import HOST, Headers, Request
from drills.site import Page, Site
from drills.visitors import State, Visitor

MOST_CHOSEN = 3
POPULAR = 4

# How an address is bent; the first ones are those of cache deception.
BENDS: tuple[Callable[[str], str], ...] = (
    lambda path: f"{path}x.css",
    lambda path: f"{path.rstrip('/')}.css",
    lambda path: f"{path.rstrip('/')};a",
    lambda path: f"{path};a.css",
    lambda path: f"{path}%2fx.css",
    lambda path: f"{path.rstrip('/')}%2f",
    lambda path: f"/{path}",
    lambda path: f"{path}/",
    lambda path: f"{path.rstrip('/')}.",
    lambda path: f"{path}.",
    lambda path: f"{path}%00.css",
    lambda path: f"{path}%0a",
    lambda path: f"{path}%20",
    lambda path: f"{path}%3fx.css",
    lambda path: f"/static/..%2f{path.lstrip('/')}",
    lambda path: path.rstrip("/") or "/",
    lambda path: path.upper(),
)

# Headers that a proxy or a cache might believe.
ODD_HEADERS: tuple[tuple[str, str], ...] = (
    ("Accept-Encoding", "gzip, br;q=x"),
    ("Accept-Encoding", ""),
    ("Cache-Control", "only-if-cached, max-stale=99999"),
    ("Pragma", "no-cache"),
    ("X-Forwarded-Host", "{canary}.example.com"),
    ("X-Forwarded-Proto", "http"),
    ("X-Original-URL", "/"),
    ("X-Rewrite-URL", "/"),
    ("X-HTTP-Method-Override", "POST"),
    ("Referer", "http://testserver/?{canary}"),
    ("User-Agent", ""),
    ("User-Agent", "{canary}"),
    ("Authorization", "Basic {canary}"),
    ("Accept", "*/*, {canary}"),
    ("Sec-Fetch-Site", "cross-site"),
    ("If-Modified-Since", "Thu, 01 Jan 2099 00:00:00 GMT"),
)
TRACKING = ("utm_source", "utm_content", "fbclid", "gclid", "mc_eid", "_ga")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One request, and what the model knows about its answer."""

    request: Request
    page: Page | None
    """The page whose address this is, or was before it was bent; None for a change."""

    is_plain: bool = False
    """Is it exactly the page that is asked for, so that its content is known?"""

    states: tuple[State, ...]
    """Whom the site may take the sender for: more than one when cookies are garbled."""

    language: str | None
    """The language of the answer; None when it cannot be known."""

    after: State | None = None
    """What is true when the answer is 303."""


class Traffic:
    """Draws steps for one site from one seed."""

    def __init__(self, site: Site, random: Random, etags: list[str]) -> None:
        self._site = site
        self._random = random
        self._etags = etags
        public = [page for page in site.pages if page.is_public]
        private = [page for page in site.pages if not page.is_public]
        rare = ("draft", "revision")
        self._public = public
        self._personal = [page for page in private if page.name not in rare]
        self._rare = [page for page in private if page.name in rare]

    def next(self, visitor: Visitor) -> Step:
        """Return what this visitor does now."""
        changes = visitor.person.kind != "nobody"
        # A newcomer chooses first: an empty visitor has nothing that could leak.
        if changes and self._random.random() < (0.15 if visitor.state.chosen else 0.7):
            return self._change(visitor)
        return self._look(visitor)

    def _look(self, visitor: Visitor) -> Step:
        random = self._random
        pages = random.choices(
            (self._personal, self._public, self._rare), weights=(68, 30, 2)
        )[0]
        # Some pages are read much more than others, or no cache would ever be hit.
        page = random.choice(pages[:POPULAR] if random.random() < 0.7 else pages)
        target, is_plain = self._target(page)
        cookie_lines, states = self._cookies(visitor)
        cookie_lines, headers, language = self._language(cookie_lines, states)
        headers += [("Cookie", line) for line in cookie_lines]
        headers += self._conditions()
        if random.random() < 0.15:
            name, value = random.choice(ODD_HEADERS)
            headers.append((name, value.replace("{canary}", new_canary())))
        return Step(
            request=Request(
                method="HEAD" if random.random() < 0.08 else "GET",
                target=target,
                headers=headers,
            ),
            page=page,
            is_plain=is_plain,
            states=states,
            language=language,
        )

    def _target(self, page: Page) -> tuple[str, bool]:
        random = self._random
        path, _mark, query = page.path.partition("?")
        draw = random.random()
        if draw < 0.12:
            return random.choice(BENDS)(path), False
        parameters = dict([query.split("=")]) if query else {}
        if draw < 0.27:
            parameters[random.choice(TRACKING)] = new_canary()
        elif draw < 0.32 and page.name in ("my-services", "catalogue"):
            # What somebody searches for is theirs alone.
            return f"{path}?{urlencode({'q': new_canary()})}", False
        text = urlencode(parameters)
        return f"{path}?{text}" if text else path, True

    def _cookies(self, visitor: Visitor) -> tuple[list[str], tuple[State, ...]]:
        random = self._random
        pairs = [f"{name}={value}" for name, value in visitor.cookies.items()]
        if random.random() < 0.3:
            pairs.append(f"_ga=GA1.2.{random.randrange(10**9)}")
        random.shuffle(pairs)
        nobody = State()
        draw = random.random()
        if draw < 0.05:
            return [], (nobody,)
        if draw < 0.08:
            return [""], (nobody,)
        state = visitor.state
        either = (state, nobody, replace(state, role=""), State(role=state.role))
        if draw < 0.11:
            return [*pairs, *pairs], either
        if draw < 0.14:
            garbage = "; ".join(pairs)[: random.randrange(1, 900)]
            return [garbage + random.choice((";;=", '"', "", "\x7f"))], either
        return ["; ".join(pairs)] if pairs else [], (visitor.state,)

    def _language(
        self, cookie_lines: list[str], states: tuple[State, ...]
    ) -> tuple[list[str], Headers, str | None]:
        most = len(languages.ACCEPTED) if self._random.random() < 0.4 else 2
        accepted, language = self._random.choice(languages.ACCEPTED[:most])
        cookie, decides = self._random.choice(languages.COOKIES)
        headers = [] if accepted is None else [("Accept-Language", accepted)]
        if len(states) > 1 or cookie_lines == [""]:
            return cookie_lines, headers, None if len(states) > 1 else language
        if cookie is not None:
            pair = f"django_language={cookie}"
            cookie_lines = ["; ".join([*cookie_lines, pair])]
        return cookie_lines, headers, decides or language

    def _conditions(self) -> Headers:
        draw = self._random.random()
        if draw < 0.08:
            start = self._random.randrange(0, 3000)
            return [
                ("Range", self._random.choice((f"bytes={start}-", "bytes=-200", "x")))
            ]
        if draw < 0.2:
            known = self._etags[-200:] or ['"0"']
            odd = ("*", '"0"', "W/", "")
            tag = self._random.choice(known if draw < 0.18 else odd)
            return [("If-None-Match", tag)]
        return []

    def _change(self, visitor: Visitor) -> Step:
        """Press one of the buttons, as a browser would."""
        random, state, person = self._random, visitor.state, visitor.person
        actions: list[tuple[str, list[tuple[str, str]], State]] = [
            self._choose(visitor),
            self._choose(visitor),
            (
                "save",
                _thing(person.to_save),
                replace(state, saved=state.saved | {person.to_save}),
            ),
            (
                "dismiss",
                _thing(person.to_dismiss),
                replace(state, dismissed=state.dismissed | {person.to_dismiss}),
            ),
            (
                "unsave",
                _thing(person.to_save),
                replace(state, saved=state.saved - {person.to_save}),
            ),
        ]
        if state.chosen:
            gone = random.choice(sorted(state.chosen))
            less = replace(state, chosen=state.chosen - {gone})
            actions.append(("remove", [("situation", gone)], less))
        if random.random() < 0.1:
            forgotten = State(role=state.role)
            actions = [(random.choice(("forget", "leave")), [], forgotten)]
        if not state.chosen:
            actions = actions[:1]
        name, data, after = random.choice(actions)
        return self._post(visitor, name, data, after)

    def _choose(self, visitor: Visitor) -> tuple[str, list[tuple[str, str]], State]:
        kind = visitor.person.kind
        offered = [
            item.slug
            for item in self._site.situations
            if kind == "sensitive" or not item.is_sensitive
        ]
        slugs = self._random.sample(offered, self._random.randint(1, MOST_CHOSEN))
        data = [("situation", slug) for slug in slugs]
        if kind == "remembered":
            data.append(("remember", "1"))
        return "choose", data, replace(visitor.state, chosen=frozenset(slugs))

    def _post(
        self, visitor: Visitor, name: str, data: list[tuple[str, str]], after: State
    ) -> Step:
        back = self._random.choice(self._personal + self._public).path
        headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Origin", f"http://{HOST}"),
            ("Sec-Fetch-Site", "same-origin"),
            ("Referer", f"http://{HOST}{back}"),
        ]
        if visitor.cookies:
            pairs = [f"{key}={value}" for key, value in visitor.cookies.items()]
            headers.append(("Cookie", "; ".join(pairs)))
        return Step(
            request=Request(
                method="POST",
                target=f"/medborgare/{name}/",
                headers=headers,
                body=urlencode(data).encode(),
            ),
            page=None,
            states=(visitor.state, after),
            language=None,
            after=after,
        )


def _thing(key: str) -> list[tuple[str, str]]:
    return [("kind", "service"), ("key", key)]
