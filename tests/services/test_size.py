"""My services costs the same in a large municipality, and says the same as a plain search."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import (
    make_catalogue,
    make_home,
    make_my_services,
    make_service,
    make_situation,
)
from large_site import make_large_site
from testapp.models import HomePage
from wagtail.models import Locale

from wagtail_medborgare.services.importers.base import Feed, FeedService
from wagtail_medborgare.services.importing import import_feed
from wagtail_medborgare.services.models import (
    Channel,
    Service,
    ServiceDeadline,
    TaggedService,
    next_date,
)
from wagtail_medborgare.services.snapshot import catalogue
from wagtail_medborgare.situations.tagged_pages import tagged_pages

pytestmark = pytest.mark.django_db

PATH = "/mina-tjanster/"
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _without_page_cache(settings: Any) -> None:
    settings.MIDDLEWARE = [
        item for item in settings.MIDDLEWARE if "page_cache" not in item
    ]


def module_of(response: Any, name: str) -> Any:
    found = [item for item in response.context["rendered_modules"] if item.name == name]
    return found[0].context if found else None


def keep(visitor: Any, action: str, service: Service) -> None:
    visitor.submit(
        f"/medborgare/{action}/", {"kind": "service", "key": str(service.pk)}
    )


# --- Queries ---


def queries_of_a_visit(visitor: Any, *, services: int, pages: int, chosen: int) -> int:
    site = make_large_site(services=services, pages=pages)
    visitor.choose(*site.situations[:chosen])
    for service in site.services[:20]:
        keep(visitor, "save", service)
    for service in site.services[20:40]:
        keep(visitor, "dismiss", service)
    visitor.get(PATH)
    with CaptureQueriesContext(connection) as queries:
        response = visitor.get(PATH)
    assert all(
        module_of(response, name)
        for name in ("now", "services", "saved", "contacts", "search")
    )
    assert len(module_of(response, "services")["dismissed"]) == 20
    return len(queries)


@pytest.mark.parametrize("chosen", [1, 5, 20])
@pytest.mark.parametrize(("services", "pages"), [(100, 10), (1500, 2000)])
def test_all_modules_together_take_twelve_queries_in_any_municipality(
    visitor, services, pages, chosen
):
    queries = queries_of_a_visit(visitor, services=services, pages=pages, chosen=chosen)

    assert queries <= MOST_QUERIES
    print(f"My services: {queries} queries, {services} services, {pages} pages")


def test_a_page_of_the_catalogue_takes_the_same_queries_in_any_municipality(visitor):
    def queries(services: int) -> int:
        Service.objects.all().delete()
        for number in range(services):
            make_service(f"{number}", channels=[{"url": "https://e.example/"}])
        visitor.get("/tjanster/")
        with CaptureQueriesContext(connection) as found:
            visitor.get("/tjanster/")
        return len(found)

    make_catalogue(make_home())

    assert queries(2) == queries(60) <= MOST_QUERIES


def test_changing_a_service_renews_the_lists_with_few_queries():
    service = make_service(situations=[make_situation()])
    catalogue.get()
    with CaptureQueriesContext(connection) as queries:
        service.save()

    renewals = [item for item in queries if "medborgare_core_stamp" in item["sql"]]

    assert len(renewals) <= 4


# --- The same as a plain search ---


class Plain:
    """What stands on My services, asked in the plainest way."""

    def __init__(self, chosen: list[Any], dismissed: set[int], language: str) -> None:
        self.chosen = chosen
        tags = TaggedService.objects.values_list("content_object_id", "tag_id")
        self.tags = set(tags)
        self.all = [
            service
            for service in Service.objects.select_related("locale")
            if service.live
            and service.locale.language_code == language
            and service.pk not in dismissed
        ]

    def groups(self, limit: int) -> list[tuple[int, int, list[tuple[int, list[int]]]]]:
        placed: set[int] = set()
        groups = []
        for situation in self.chosen:
            fitting = sorted(
                (item for item in self.all if (item.pk, situation.pk) in self.tags),
                key=lambda item: (item.name, item.pk),
            )
            shown = [item for item in fitting[:limit] if item.pk not in placed]
            placed |= {item.pk for item in shown}
            rows = [(item.pk, self.reasons(item.pk)) for item in shown]
            groups.append((situation.pk, len(fitting), rows))
        return groups

    def reasons(self, pk: int) -> list[int]:
        return [item.pk for item in self.chosen if (pk, item.pk) in self.tags]

    def dates(self, limit: int) -> list[tuple[int, datetime.date, list[int]]]:
        today = timezone.localdate()
        shown = {item.pk for item in self.all if self.reasons(item.pk)}
        coming = [
            (when, item.label, item.pk, item.service_id)
            for item in ServiceDeadline.objects.filter(service__in=shown)
            if (when := next_date(item.date, is_yearly=item.is_yearly)) is not None
            and when <= today.replace(year=today.year + 1)
        ]
        return [
            (pk, when, self.reasons(service))
            for when, _label, pk, service in sorted(coming)[:limit]
        ]


def make_random_services(situations: list[Any], chance: random.Random) -> None:
    finnish = Locale.objects.create(language_code="fi")
    for _number in range(60):
        service = make_service(
            chance.choice("abcdefgh"),
            live=chance.random() < 0.8,
            situations=chance.sample(situations, chance.randrange(4)),
            deadlines=[random_deadline(chance) for _ in range(chance.randrange(3))],
        )
        if chance.random() < 0.3:
            translation = service.copy_for_translation(finnish)
            translation.slug = f"fi-{service.pk}"
            translation.live = chance.random() < 0.8
            translation.save()


def random_deadline(chance: random.Random) -> dict[str, Any]:
    day = datetime.date(chance.choice((2019, 2026, 2027, 2028)), 1, 1)
    return {
        "label": chance.choice("abc"),
        "date": day + datetime.timedelta(chance.randrange(28)),
        "is_yearly": chance.random() < 0.5,
    }


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("language", ["sv", "fi"])
def test_my_services_says_what_a_plain_search_says(
    visitor, time_machine, seed, language
):
    time_machine.move_to("2026-01-12 12:00:00+00:00")
    chance = random.Random(seed)
    make_my_services(make_home())
    situations = [make_situation(f"Situation {number}") for number in range(6)]
    make_random_services(situations, chance)
    chosen = situations[: chance.choice((1, 3, 6))]
    dismissed = chance.sample([*Service.objects.filter(live=True)], 5)
    visitor.choose(*chosen)
    for service in dismissed:
        keep(visitor, "dismiss", service)

    response = visitor.get(PATH, headers={"Accept-Language": language})

    plain = Plain(chosen, {service.pk for service in dismissed}, language)
    assert [
        (
            group.situation.pk,
            group.total,
            [
                (item.service.pk, [reason.pk for reason in item.reasons])
                for item in group.services
            ],
        )
        for group in module_of(response, "services")["groups"]
    ] == plain.groups(limit=25)
    assert [
        (item.deadline.pk, item.date, [reason.pk for reason in item.reasons])
        for item in module_of(response, "now")["items"]
    ] == plain.dates(limit=8)


# --- What is held in memory follows ---


@pytest.fixture
def child() -> Any:
    make_my_services(make_home())
    return make_situation("Få barn")


def names_on(response: Any) -> list[str]:
    groups = module_of(response, "services")["groups"]
    return [item.service.name for group in groups for item in group.services]


def test_a_new_service_and_a_new_name_are_seen_at_once(visitor, child):
    visitor.choose(child)
    service = make_service("Bygglov", situations=[child])
    make_service("Aktivitet", situations=[child])
    before = names_on(visitor.get(PATH))

    service.name = "Aaa"
    service.save()

    assert before == ["Aktivitet", "Bygglov"]
    assert names_on(visitor.get(PATH)) == ["Aaa", "Aktivitet"]


def test_an_imported_service_can_be_saved_at_once(visitor, child):
    Locale.objects.get_or_create(language_code="sv")
    visitor.get(PATH)
    catalogue.get()

    new = FeedService(key="1", fields={"name": "Bygglov"})
    import_feed(Feed(source="x", services=(new,)))
    keep(visitor, "save", Service.objects.get())

    (item,) = module_of(visitor.get(PATH), "saved")["items"]
    assert item.service.name == "Bygglov"


def test_a_service_that_loses_its_situation_is_gone_at_once(visitor, child):
    visitor.choose(child)
    service = make_service(situations=[child])
    before = names_on(visitor.get(PATH))

    service.life_situations.clear()
    service.save()

    assert before == [service.name]
    assert names_on(visitor.get(PATH)) == []


def test_what_was_unpublished_behind_our_back_is_not_shown(visitor, child):
    visitor.choose(child)
    service = make_service(
        situations=[child], deadlines=[{"label": "x", "date": "2999-01-01"}]
    )
    visitor.get(PATH)

    Service.objects.filter(pk=service.pk).update(live=False)
    response = visitor.get(PATH)

    assert names_on(response) == []
    assert module_of(response, "now")["items"] == []


def test_where_the_rest_has_a_page_of_its_own_my_services_stays_short(visitor, child):
    make_catalogue(HomePage.objects.get())
    for number in range(30):
        make_service(f"{number:02}", situations=[child])
    visitor.choose(child)

    response = visitor.get(PATH)

    group = module_of(response, "services")["groups"][0]
    assert (len(group.services), group.total) == (5, 30)
    assert f"/tjanster/?situation={child.slug}" in response.text


def test_a_few_more_are_unfolded_where_they_stand(visitor, child):
    make_catalogue(HomePage.objects.get())
    for number in range(8):
        make_service(f"{number:02}", situations=[child])
    visitor.choose(child)

    assert len(names_on(visitor.get(PATH))) == 8


def test_what_is_sensitive_has_no_page_of_its_own_and_is_shown_at_length(visitor):
    home = make_home()
    make_my_services(home)
    make_catalogue(home)
    debt = make_situation("Få skulder", is_sensitive=True)
    for number in range(30):
        make_service(f"{number:02}", situations=[debt])
    visitor.choose(debt, *(make_situation() for _number in range(4)))

    groups = module_of(visitor.get(PATH), "services")["groups"]

    assert len(groups[0].services) == 25


def test_memory_for_a_large_municipality_is_small():
    import tracemalloc

    make_large_site(services=2000, pages=3000)
    for snapshot in (catalogue, tagged_pages):
        snapshot.forget()
        tracemalloc.start()
        snapshot.get()
        held, _peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert held < 2 * 1024 * 1024
        print(f"{snapshot.name}: {held // 1024} kB")


def test_the_channel_of_a_service_without_a_page_is_its_address(visitor, child):
    visitor.choose(child)
    service = make_service(
        situations=[child], channels=[{"url": "https://e.example/start"}]
    )

    (group,) = module_of(visitor.get(PATH), "services")["groups"]

    assert group.services[0].url == "https://e.example/start"
    assert Channel.objects.get().service_id == service.pk
