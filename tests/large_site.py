"""A municipality of any size, written with few statements: seconds, not hours."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from factories import make_catalogue, make_home, make_my_services, make_page
from testapp.models import ArticlePage, HomePage
from wagtail.models import Locale, Page

from wagtail_medborgare.services.models import (
    Channel,
    Service,
    ServiceDeadline,
    TaggedService,
    TaggedUnit,
    Unit,
)
from wagtail_medborgare.situations.models import LifeSituation, TaggedPage
from wagtail_medborgare.situations.snapshot import situations as situations_snapshot

SITUATIONS = 40
SECTION = 500
"""How many pages lie beneath one section."""


@dataclass(frozen=True)
class LargeSite:
    """What was written, for the tests that visit it."""

    home: HomePage
    situations: list[LifeSituation]
    services: list[Service]


def make_large_site(*, services: int, pages: int, seed: int = 1) -> LargeSite:
    """Make a start page, My services, a catalogue, and this many services and pages."""
    chance = random.Random(seed)
    home = make_home()
    make_my_services(home)
    make_catalogue(home)
    situations = [
        LifeSituation.objects.create(name=f"Situation {number:02}", icon="baby")
        for number in range(SITUATIONS)
    ]
    made = _make_services(services, situations, chance)
    _make_pages(home, pages, situations, chance)
    situations_snapshot.forget()
    return LargeSite(home, situations, made)


def _make_services(
    count: int, situations: list[LifeSituation], chance: random.Random
) -> list[Service]:
    locale = Locale.get_default()
    units = Unit.objects.bulk_create(
        Unit(name=f"Verksamhet {number:02}", slug=f"v-{number}", sort_order=number)
        for number in range(30)
    )
    TaggedUnit.objects.bulk_create(
        TaggedUnit(content_object=unit, tag=situation)
        for unit in units
        for situation in chance.sample(situations, 4)
    )
    services = Service.objects.bulk_create(
        [
            Service(
                name=f"Ansök om {chance.randrange(10**6):06} {number}",
                slug=f"service-{number}",
                summary="Vad man gör, och vad som händer sedan.",
                description="<p>En beskrivning.</p>" * 10,
                imported={"name": "Ansök", "description": "<p>Text.</p>" * 10},
                cost="Gratis",
                unit=units[number % len(units)],
                locale=locale,
            )
            for number in range(count)
        ],
        batch_size=500,
    )
    TaggedService.objects.bulk_create(
        [
            TaggedService(content_object=service, tag=situation)
            for service in services
            for situation in chance.sample(situations, chance.choice((1, 2, 3)))
        ],
        batch_size=500,
    )
    Channel.objects.bulk_create(
        [
            Channel(service=service, url=f"https://e.example/{service.pk}")
            for service in services
        ],
        batch_size=500,
    )
    ServiceDeadline.objects.bulk_create(
        [_deadline(service, chance) for service in services[::5]], batch_size=500
    )
    return services


def _deadline(service: Service, chance: random.Random) -> ServiceDeadline:
    return ServiceDeadline(
        service=service,
        label="Sista dag att ansöka",
        date=datetime.date(2020, 1, 1) + datetime.timedelta(chance.randrange(365)),
        is_yearly=True,
    )


def _make_pages(
    home: Page, count: int, situations: list[LifeSituation], chance: random.Random
) -> None:
    """Write the tree itself: sections beneath the start page, pages beneath them."""
    now = timezone.now()
    made: list[ArticlePage] = []
    for start in range(0, count, SECTION):
        parent = make_page(home, ArticlePage)
        made += [
            _page(parent, number, now - datetime.timedelta(chance.randrange(5000)))
            for number in range(min(SECTION, count - start))
        ]
        parent.numchild = min(SECTION, count - start)
        Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild)
    _insert_pages(made)
    paths = [page.path for page in made]
    pks = dict(Page.objects.filter(path__in=[]).values_list("path", "pk"))
    for batch in _batches(paths, 500):
        pks |= dict(Page.objects.filter(path__in=batch).values_list("path", "pk"))
    TaggedPage.objects.bulk_create(
        [
            TaggedPage(content_object_id=pks[path], tag=situation)
            for path in paths
            for situation in chance.sample(situations, chance.choice((1, 1, 2)))
        ],
        batch_size=500,
    )


def _page(parent: Page, number: int, published: datetime.datetime) -> ArticlePage:
    return ArticlePage(
        title=f"Sida {number}",
        draft_title=f"Sida {number}",
        slug=f"sida-{number}",
        path=Page._get_path(parent.path, parent.depth + 1, number + 1),
        depth=parent.depth + 1,
        url_path=f"{parent.url_path}sida-{number}/",
        content_type=ContentType.objects.get_for_model(ArticlePage),
        locale_id=parent.locale_id,
        translation_key=uuid4(),
        live=True,
        has_unpublished_changes=False,
        search_description="Om sidan.",
        first_published_at=published,
        last_published_at=published,
    )


def _insert_pages(pages: list[ArticlePage]) -> None:
    """Write both tables: Django's bulk_create takes no model with a parent table."""
    names = [field.attname for field in Page._meta.local_concrete_fields]
    for batch in _batches(pages, 200):
        Page.objects.bulk_create(
            Page(**{name: getattr(page, name) for name in names if name != "id"})
            for page in batch
        )
    own = list(ArticlePage._meta.local_concrete_fields)
    _insert_own_rows(pages, own)


def _insert_own_rows(pages: list[ArticlePage], fields: list[Any]) -> None:
    from django.db import connection

    pks: dict[str, int] = {}
    for batch in _batches([page.path for page in pages], 500):
        pks |= dict(Page.objects.filter(path__in=batch).values_list("path", "pk"))
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(ArticlePage._meta.db_table)} ({columns}) VALUES ({marks})",
            [
                [
                    pks[page.path]
                    if field.primary_key
                    else getattr(page, field.attname)
                    for field in fields
                ]
                for page in pages
            ],
        )


def _batches(items: list[Any], size: int) -> Any:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
