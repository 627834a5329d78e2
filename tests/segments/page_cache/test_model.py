"""Whatever is viewed and edited, in any order, the cache gives what rendering gives.

More examples: ``MODEL_EXAMPLES=2000``.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from conftest import VisitorClient
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory, override_settings
from factories import (
    make_block,
    make_catalogue,
    make_home,
    make_my_services,
    make_page,
    make_service,
    make_situation,
)
from hypothesis import HealthCheck, given
from hypothesis import settings as checked
from hypothesis import strategies as st
from testapp.models import ArticlePage, HomePage
from wagtail import hooks
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import QueryRule

from wagtail_medborgare.core.stamps import stamps
from wagtail_medborgare.segments.audiences import Audience, Mode
from wagtail_medborgare.segments.models import LifeSituationRule
from wagtail_medborgare.segments.page_cache.addresses import address_of
from wagtail_medborgare.segments.page_cache.manifests import (
    Manifest,
    NotForTheCache,
    answers,
    parse,
)
from wagtail_medborgare.segments.page_cache.store import store
from wagtail_medborgare.segments.snapshot import segments
from wagtail_medborgare.services.addresses import pages
from wagtail_medborgare.services.models import Service
from wagtail_medborgare.services.snapshot import catalogue
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.sensitive import sensitive_pages
from wagtail_medborgare.situations.snapshot import situations
from wagtail_medborgare.situations.tagged_pages import tagged_pages

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "80"))
SITUATIONS, SEGMENTS = 4, 3
PATHS = ("/", "/artikel/", "/mina-tjanster/")
QUERIES = ("", "", "?k=1", "?k=2", "?utm_source=x")

TEMPLATES = {
    "nested": (
        '{% personalised only="s0 s1" %}A{% personalised all_but="s2" %}B'
        "{% endpersonalised %}{% otherwise %}"
        '{% personalised only="s3" %}C{% otherwise %}D{% endpersonalised %}'
        "{% endpersonalised %}"
    ),
    "why": "{% for item in request.visitor.situations %}{{ item }};{% endfor %}",
    "facts": (
        "{% if request.visitor.is_remembered %}R{% endif %}"
        "{% if request.visitor.has_saved %}{{ request.visitor.saved|length }}{% endif %}"
        '{% personalised only="s1" %}E{% endpersonalised %}'
    ),
}


# Pages, visitors and edits


def some(count: int) -> Any:
    return st.lists(st.integers(0, count - 1), min_size=1, max_size=3, unique=True)


AUDIENCES = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["only", "only", "only", "except", "everyone"]),
        "situations": some(SITUATIONS),
        "segments": st.one_of(st.just([]), some(SEGMENTS)),
    }
)


@st.composite
def blocks(draw: Any) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(
            [
                *("notice", "teaser", "teaser", "variants", "chooser"),
                *("pages_for_you", "services_for_you", "what_comes_next"),
            ]
        )
    )
    audience, text = draw(AUDIENCES), draw(st.sampled_from(["Ett", "Två", "Tre"]))
    if kind == "notice":
        return make_block(kind, text=text, audience=audience)
    if kind == "teaser":
        return make_block(kind, audience=audience, content={"heading": text})
    if kind == "variants":
        variants = [
            {"audience": item, "content": {"heading": f"{text} {number}"}}
            for number, item in enumerate([audience, draw(AUDIENCES)])
        ]
        default = [{"heading": "Annars"}] if draw(st.booleans()) else []
        return make_block(kind, variants=variants, default=default)
    if kind == "chooser":
        return make_block(kind, heading="Vad händer?", intro="", first=2)
    return make_block(kind, heading=text, limit=3)


STREAMS = st.lists(blocks(), min_size=1, max_size=3)

VISITORS = st.fixed_dictionaries(
    {
        "chosen": st.one_of(st.just([]), some(SITUATIONS), some(SITUATIONS)),
        "remember": st.booleans(),
        "saves": st.sampled_from([False, False, True]),
    }
)

EDITS = st.one_of(
    st.tuples(st.just("publish"), STREAMS),
    st.tuples(
        st.sampled_from(["sensitive", "inactive", "rename", "remove", "tag", "serve"]),
        st.integers(0, SITUATIONS - 1),
    ),
    st.tuples(st.just("template"), st.sampled_from(sorted(TEMPLATES))),
    st.tuples(
        st.sampled_from(["rule", "match", "status"]), st.integers(0, SEGMENTS - 1)
    ),
)

# In each round somebody may edit; then all look at one page, one after the other.
ROUNDS = st.lists(
    st.tuples(
        st.one_of(st.none(), EDITS),
        st.sampled_from(PATHS[:1] * 3 + PATHS),
        st.sampled_from(QUERIES),
        st.permutations(range(4)),
    ),
    min_size=2,
    max_size=4,
)


class World:
    """A small site, the same at the beginning of each example."""

    def __init__(self) -> None:
        self.home = make_home()
        self.article = make_page(self.home, ArticlePage, title="why", slug="artikel")
        make_my_services(self.home)
        make_catalogue(self.home)
        self.situations = [
            make_situation(f"S{number}", slug=f"s{number}")
            for number in range(SITUATIONS)
        ]
        LifeSituation.objects.filter(pk=self.situations[3].pk).update(is_sensitive=True)
        self.service = make_service("Förskola", situations=self.situations[:1])
        self.segments = [
            Segment.objects.create(name=f"G{number}", status="enabled")
            for number in range(SEGMENTS)
        ]
        for number, named in enumerate([(0, 1), (2,), ()]):
            for item in named:
                LifeSituationRule.objects.create(
                    segment=self.segments[number], situation=self.situations[item]
                )
        for segment in self.segments[1:]:
            QueryRule.objects.create(segment=segment, parameter="k", value="1")

    def publish(self, stream: list[dict[str, Any]]) -> None:
        home = HomePage.objects.get(pk=self.home.pk)
        home.body = home.body.stream_block.to_python(self._named(stream))
        home.save_revision().publish()

    def _named(self, value: Any) -> Any:
        """Put the keys of situations and segments in the place of their numbers."""
        if isinstance(value, list):
            return [self._named(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "mode" in value:
            return {
                "mode": value["mode"],
                "situations": [
                    self.situations[item].pk for item in value["situations"]
                ],
                "segments": [self.segments[item].pk for item in value["segments"]],
            }
        return {key: self._named(item) for key, item in value.items()}

    def edit(self, what: str, which: Any) -> None:
        if what == "publish":
            self.publish(which)
        elif what in {"template", "tag"}:
            article = ArticlePage.objects.get(pk=self.article.pk)
            if what == "template":
                article.title = which
            else:
                article.life_situations.set(self._existing(which))
            article.save_revision().publish()
        elif what == "serve":
            make_service("Bidrag", situations=self._existing(which))
        elif what in {"rule", "match", "status"}:
            self._edit_segment(what, Segment.objects.get(pk=self.segments[which].pk))
        else:
            for situation in self._existing(which):
                self._edit_situation(what, situation)

    def _existing(self, which: int) -> list[LifeSituation]:
        return list(LifeSituation.objects.filter(pk=self.situations[which].pk))

    def _edit_situation(self, what: str, situation: LifeSituation) -> None:
        if what == "remove":
            situation.delete()
            return
        if what == "rename":
            situation.name += "x"
        elif what == "sensitive":
            situation.is_sensitive = not situation.is_sensitive
        else:
            situation.is_active = not situation.is_active
        situation.save()

    def _edit_segment(self, what: str, segment: Segment) -> None:
        if what == "match":
            segment.match_any = not segment.match_any
        elif what == "status":
            segment.status = "disabled" if segment.status == "enabled" else "enabled"
        else:
            for rule in QueryRule.objects.filter(segment=segment):
                rule.value = "2" if rule.value == "1" else "1"
                rule.save()
            return
        segment.save()

    def visitor(self, chosen: list[int], *, remember: bool, saves: bool) -> Any:
        client = VisitorClient()
        if chosen:
            client.choose(
                *(self.situations[item] for item in chosen), remember=remember
            )
        if saves:
            key = str(Service.objects.get(pk=self.service.pk).pk)
            client.submit("/medborgare/save/", {"kind": "service", "key": key})
        return client


def with_templates() -> Any:
    """Render articles with the template that their title names."""
    compiled = {
        name: engines["django"].from_string("{% load medborgare_tags %}" + source)
        for name, source in TEMPLATES.items()
    }

    def around(serve: Any) -> Any:
        def inner(page: Any, request: Any, args: Any, kwargs: Any) -> Any:
            if isinstance(page, ArticlePage):
                return HttpResponse(compiled[page.title].render({}, request))
            return serve(page, request, args, kwargs)

        return inner

    return hooks.register_temporarily("on_serve_page", around, order=3000)


def plain(response: Any) -> tuple[int, bytes, str]:
    return response.status_code, response.content, response.get("Cache-Control", "")


def forget_everything() -> None:
    cache.clear()
    for snapshot in (
        *(segments, situations, catalogue),
        *(pages, sensitive_pages, tagged_pages),
    ):
        snapshot.forget()
    stamps.forget()


class Run:
    """One example: views and edits in some order."""

    def __init__(self, seen: Counter[str]) -> None:
        self.seen = seen
        self.by_answers: dict[Any, Any] = {}

    def view(self, client: Any, path: str, query: str, renderings: list[str]) -> None:
        before = len(renderings)
        cached = plain(client.get(path + query))
        self.seen["hits"] += len(renderings) == before
        self.seen["views"] += 1
        with override_settings(WAGTAIL_MEDBORGARE_PAGE_CACHE_SECONDS=0):
            fresh = plain(client.get(path + query))
        assert cached == fresh
        self._compare_with_equals(client, path + query, fresh)

    def _compare_with_equals(self, client: Any, path: str, fresh: Any) -> None:
        """Whoever gives equal answers to all that was asked sees the same."""
        cookies = "; ".join(
            f"{item.key}={item.value}" for item in client.cookies.values()
        )
        request = RequestFactory().get(path, secure=True, HTTP_COOKIE=cookies)
        address = address_of(request)
        found = store.look(address.key) if address else None
        if found is None or found.record is None:
            return
        if not found.record.versions.are_current():
            # What the page asked before it was changed says nothing about it.
            return
        try:
            given = answers(request, parse(found.record.asked))
        except NotForTheCache:
            return
        key = (address, found.record.asked, given)
        assert self.by_answers.setdefault(key, fresh) == fresh
        self.seen["equals"] += 1


@pytest.mark.django_db
def test_the_cache_gives_what_rendering_gives(renderings):
    world, seen = World(), Counter[str]()

    @checked(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize="MODEL_EXAMPLES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    @given(STREAMS, st.lists(VISITORS, min_size=3, max_size=3), ROUNDS)
    def check(stream: Any, visitors: Any, rounds: Any) -> None:
        run = Run(seen)
        # One who differs from another in one way only.
        first = visitors[0]
        twin = {**first, "remember": not first["remember"]}
        try:
            with transaction.atomic():
                forget_everything()
                world.publish(stream)
                clients = [world.visitor(**fields) for fields in [*visitors, twin]]
                for edit, path, query, order in rounds:
                    if edit is not None:
                        world.edit(*edit)
                        run.by_answers.clear()
                    for number in order:
                        run.view(clients[number], path, query, renderings)
                transaction.set_rollback(True)
        finally:
            forget_everything()

    with with_templates():
        check()

    assert seen["hits"] > seen["views"] / 10
    assert seen["equals"] > seen["views"] / 4


# The algebra of manifests

ASKED = st.builds(
    Audience,
    st.sampled_from([Mode.ONLY, Mode.EXCEPT]),
    st.frozensets(st.integers(1, 40), min_size=1, max_size=3),
    st.frozensets(st.integers(1, 5), max_size=2),
)
FACTS = st.frozensets(st.sampled_from(["has_saved", "is_remembered", "has_dismissed"]))
MANIFESTS = st.builds(
    # Joined with nothing, as every manifest is that was ever noted.
    lambda asked, facts, everything: Manifest(asked, facts, everything) | Manifest(),
    st.frozensets(ASKED, max_size=15),
    FACTS,
    st.booleans(),
)


def covers(larger: Manifest, smaller: Manifest) -> bool:
    return smaller.facts <= larger.facts and (
        larger.everything
        or (not smaller.everything and smaller.audiences <= larger.audiences)
    )


@given(MANIFESTS, MANIFESTS, MANIFESTS)
def test_manifests_join_in_any_order_and_only_grow(one, two, three):
    assert one | two == two | one
    assert (one | two) | three == one | (two | three)
    assert one | one == one
    assert one | Manifest() == one
    assert covers(one | two, one)
    assert covers(one | two, two)


@given(MANIFESTS, MANIFESTS)
def test_a_manifest_is_read_as_it_was_written(one, two):
    assert parse(one.text) == one
    assert (one.text == two.text) == (one == two)
