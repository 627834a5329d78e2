"""Fill an empty database with the content of one configuration, and make a choice.

Run in a process of its own: ``python -m benchmarks.content``. Reads the content as JSON,
prints the visitor's cookie as JSON.
"""

import json
import os
import sys
from dataclasses import asdict
from datetime import time
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from benchmarks.configurations import Content

BLOCKS = 10
CHOSEN = 3
# A tenth of 8 kB of HTML.
TEXT = (
    "<p>" + "Kommunen hjälper dig vidare, och du behöver inte logga in. " * 12 + "</p>"
)


def write_content(content: Content) -> str:
    """Return a content as the text that ``main`` reads."""
    return json.dumps(asdict(content))


def main() -> None:
    content = Content(**json.load(sys.stdin))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from django.db import connection, transaction

    with transaction.atomic():
        cookie = _fill(content)
    with connection.cursor() as cursor:
        # A real database knows how big its tables are.
        cursor.execute("ANALYZE")
    json.dump({"cookie": cookie}, sys.stdout)


def _fill(content: Content) -> str:
    home = _make_home()
    situations = _make_situations(content.situations)
    segments = _make_segments(content.segments)
    home.body = [
        ("section", _section(number, content, situations, segments))
        for number in range(BLOCKS)
    ]
    home.save()
    if content.has_my_services:
        _make_my_services(home)
        _make_services(content, situations)
        _make_pages(home, content, situations)
    return _choose(situations) if situations else ""


def _make_home() -> Any:
    from wagtail.models import Locale, Page, Site

    from benchmarks.benchsite.models import BenchPage

    Locale.objects.create(language_code="sv")
    root = Page.add_root(instance=Page(title="Root", slug="root"))
    home = root.add_child(instance=BenchPage(title="Start", slug="start"))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return home


def _make_situations(count: int) -> list[Any]:
    if not count:
        return []
    from wagtail_medborgare.situations.models import LifeSituation

    return [
        LifeSituation.objects.create(name=f"Livssituation {number}")
        for number in range(count)
    ]


def _make_segments(count: int) -> list[Any]:
    """Make segments with a rule each: those that blocks ask for are met by everybody."""
    if not count:
        return []
    from wagtail_personalisation.models import Segment
    from wagtail_personalisation.rules import QueryRule, TimeRule

    segments = [
        Segment.objects.create(name=f"Segment {number}") for number in range(count)
    ]
    TimeRule.objects.bulk_create(
        TimeRule(segment=segment, start_time=time.min, end_time=time.max)
        for segment in segments[:BLOCKS]
    )
    QueryRule.objects.bulk_create(
        QueryRule(segment=segment, parameter="campaign", value=segment.name)
        for segment in segments[BLOCKS:]
    )
    return segments


def _section(
    number: int, content: Content, situations: list[Any], segments: list[Any]
) -> dict[str, Any]:
    from wagtail.rich_text import RichText

    section: dict[str, Any] = {"heading": f"Avsnitt {number}", "text": RichText(TEXT)}
    asked = segments[number % len(segments)].pk if segments else None
    if settings.BENCH_BLOCKS == "stock":
        section["segment"] = str(asked or -1)
    elif content.audience == "segments":
        section["audience"] = {"mode": "only", "situations": (), "segments": (asked,)}
    elif content.audience == "situations":
        # One that the visitor has chosen, and one that they have not.
        named = situations[number % CHOSEN].pk, situations[-1 - number % 5].pk
        section["audience"] = {"mode": "only", "situations": named, "segments": ()}
    return section


def _make_my_services(home: Any) -> None:
    from benchmarks.benchsite.models import BenchMyServicesPage

    home.add_child(
        instance=BenchMyServicesPage(title="Mina tjänster", slug="my-services")
    )


def _tags(number: int, content: Content, situations: list[Any]) -> set[int]:
    """Return two of all situations, evenly; one chosen where lists shall be full."""
    if content.is_full:
        return {situations[number % CHOSEN].pk, situations[number % 30 + CHOSEN].pk}
    count = len(situations)
    return {
        situations[number % count].pk,
        situations[(number * 7 + number // count + 1) % count].pk,
    }


def _make_services(content: Content, situations: list[Any]) -> None:
    from wagtail.models import Locale

    from wagtail_medborgare.services.models import (
        Channel,
        Service,
        ServiceDeadline,
        TaggedService,
        Unit,
    )

    unit = Unit.objects.create(name="Socialförvaltningen", slug="social")
    locale = Locale.objects.get()
    services = Service.objects.bulk_create(
        Service(
            name=f"Ansök om tjänst {number}",
            slug=f"service-{number}",
            summary="En rad om vad tjänsten är.",
            unit=unit,
            locale=locale,
        )
        for number in range(content.services)
    )
    Channel.objects.bulk_create(
        Channel(service=service, url="https://example.org/e-service")
        for service in services
    )
    ServiceDeadline.objects.bulk_create(
        ServiceDeadline(
            service=service, label="Sista dag", date="2025-05-15", is_yearly=True
        )
        for service in services[::5]
    )
    TaggedService.objects.bulk_create(
        TaggedService(content_object=service, tag_id=tag)
        for number, service in enumerate(services)
        for tag in _tags(number, content, situations)
    )


def _make_pages(home: Any, content: Content, situations: list[Any]) -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone
    from wagtail.models import Page

    from wagtail_medborgare.situations.models import TaggedPage

    home = Page.objects.get(pk=home.pk)
    first = home.numchild + 1
    content_type = ContentType.objects.get_for_model(Page)
    now = timezone.now()
    pages = Page.objects.bulk_create(
        [
            Page(
                title=f"Sida {number}",
                draft_title=f"Sida {number}",
                slug=f"page-{number}",
                path=Page._get_path(home.path, home.depth + 1, first + number),
                depth=home.depth + 1,
                url_path=f"{home.url_path}page-{number}/",
                content_type=content_type,
                locale_id=home.locale_id,
                live=True,
                first_published_at=now,
                last_published_at=now,
            )
            for number in range(content.pages)
        ],
        batch_size=500,
    )
    Page.objects.filter(pk=home.pk).update(numchild=home.numchild + len(pages))
    TaggedPage.objects.bulk_create(
        (
            TaggedPage(content_object=page, tag_id=tag)
            for number, page in enumerate(pages)
            for tag in _tags(number, content, situations)
        ),
        batch_size=500,
    )


def _choose(situations: list[Any]) -> str:
    """Choose as a visitor does, and return the cookie that the device now keeps."""
    from django.test import Client

    client = Client()
    origin = "https://localhost"
    answer = client.post(
        "/medborgare/choose/",
        {"situation": [item.slug for item in situations[:CHOSEN]]},
        secure=True,
        headers={
            "Host": "localhost",
            "Sec-Fetch-Site": "same-origin",
            "Origin": origin,
            "Referer": f"{origin}/",
        },
    )
    assert answer.status_code == 303, (answer.status_code, answer.content[:500])
    return "; ".join(f"{item.key}={item.value}" for item in answer.cookies.values())


if __name__ == "__main__":
    main()
