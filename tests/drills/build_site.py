"""Make the site under test in a new database: ``python -m drills.build_site FILE``."""

from __future__ import annotations

import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

from drills.canaries import Canary, new_canary
from drills.site import Page, Person, Site, Situation

SITUATIONS = 12
VISITORS = 200
ARTICLES = 10
# Every tenth visitor is staff or guest; the others differ in what they choose.
KINDS = ("nobody", "visit", "remembered", "sensitive", "visit", "remembered")


class Builder:
    """Collects the canaries while it makes what they stand in."""

    def __init__(self) -> None:
        self.canaries: list[Canary] = []
        self.pages: list[Page] = []

    def canary(self, kind: str, **fields: Any) -> str:
        made = Canary(value=new_canary(), kind=kind, **fields)
        self.canaries.append(made)
        return made.value

    def address(self, name: str, path: str, **fields: Any) -> None:
        self.pages.append(Page(name=name, path=path, **fields))

    def notices(self, place: str, situations: list[Any]) -> list[dict[str, Any]]:
        """Return blocks for those in each situation, and for all but them."""
        return [
            {
                "type": "notice",
                "value": {
                    "text": self.canary(
                        kind, key=item.slug, places=(place,), in_every_language=True
                    ),
                    "audience": {"mode": mode, "situations": [item.pk]},
                },
            }
            for item in situations
            for kind, mode in (("chosen", "only"), ("not-chosen", "except"))
        ]


def build(where: Path) -> Site:
    """Make the pages, the services and the accounts; return what they hold."""
    builder = Builder()
    situations = _situations()
    home = _start_page(builder, situations)
    _section(builder, home, situations)
    _articles(builder, home, situations)
    _services(builder, situations)
    _private_pages(builder, home)
    people = _people(builder, home)
    site = Site(
        pages=tuple(builder.pages),
        situations=tuple(
            Situation(slug=item.slug, is_sensitive=item.is_sensitive)
            for item in situations
        ),
        canaries=tuple(builder.canaries),
        people=tuple(people),
    )
    site.write(where)
    return site


def _situations() -> list[Any]:
    from factories import make_situation

    return [
        make_situation(f"Situation {number}", is_sensitive=number % 4 == 3)
        for number in range(SITUATIONS)
    ]


def _start_page(builder: Builder, situations: list[Any]) -> Any:
    from factories import make_catalogue, make_home, make_my_services

    blocks: list[dict[str, Any]] = [
        {"type": "chooser", "value": {"heading": "Välj", "intro": "", "first": 6}},
        {"type": "services_for_you", "value": {"heading": "Tjänster", "limit": 5}},
        {"type": "deadlines_for_you", "value": {"heading": "Datum", "limit": 8}},
        {"type": "pages_for_you", "value": {"heading": "Sidor", "limit": 6}},
        *builder.notices("start", situations),
    ]
    home = make_home(body=blocks)
    my_services, catalogue = make_my_services(home), make_catalogue(home)
    builder.address("start", "/", is_public=False, has_chooser=True)
    builder.address("my-services", my_services.url, is_public=False, has_chooser=True)
    builder.address(
        "choices", "/medborgare/choices/", is_public=False, has_chooser=True
    )
    builder.address("dates", "/medborgare/my-dates.ics", is_public=False)
    for name, query in (("catalogue", ""), ("catalogue-2", "?p=2")):
        builder.address(name, f"{catalogue.url}{query}", is_public=True)
    return home


def _section(builder: Builder, home: Any, situations: list[Any]) -> None:
    """A section with its own personalised page, and an article that has none."""
    from factories import make_page
    from testapp.models import HomePage

    section = make_page(
        home,
        HomePage,
        slug="avsnitt",
        body=builder.notices("section", situations),
        show_in_menus=True,
    )
    variants = {
        "variants": [
            {
                "audience": {"mode": "only", "situations": [situations[0].pk]},
                "content": {
                    "heading": builder.canary(
                        "chosen",
                        key=situations[0].slug,
                        places=("variants",),
                        in_every_language=True,
                    )
                },
            }
        ],
        "default": [
            {
                "heading": builder.canary(
                    "not-chosen",
                    key=situations[0].slug,
                    places=("variants",),
                    in_every_language=True,
                )
            }
        ],
    }
    varied = make_page(
        section,
        HomePage,
        slug="varianter",
        body=[{"type": "variants", "value": variants}],
    )
    builder.address("section", section.url, is_public=False)
    builder.address("variants", varied.url, is_public=False)


def _articles(builder: Builder, home: Any, situations: list[Any]) -> None:
    """Public articles: one tagged for each situation, some for none."""
    from factories import make_page

    section = make_page(home, slug="artiklar")
    for item in situations:
        title = builder.canary("public", key=item.slug, places=("start", "my-services"))
        page = make_page(
            section, title=title, slug=f"om-{item.slug}", situations=[item]
        )
        builder.address(page.slug, page.url, is_public=True)
    for number in range(ARTICLES):
        page = make_page(section, slug=f"artikel-{number}", text="<p>Text.</p>")
        builder.address(page.slug, page.url, is_public=True)


def _services(builder: Builder, situations: list[Any]) -> None:
    """A service with a date for each situation; both are public where they belong."""
    from factories import make_service

    day = date.today() + timedelta(days=40)
    for item in situations:
        places = ("start", "my-services")
        service = make_service(
            builder.canary("public", key=item.slug, places=places),
            slug=f"tjanst-{item.slug}",
            situations=[item],
            deadlines=[
                {
                    "label": builder.canary(
                        "public",
                        key=item.slug,
                        # What is sensitive stays out of a file on the device.
                        places=places if item.is_sensitive else (*places, "dates"),
                    ),
                    "date": day,
                    "is_yearly": True,
                }
            ],
        )
        builder.address(service.slug, f"/tjanster/{service.slug}/", is_public=True)
        builder.address(
            f"dates-{service.pk}",
            f"/medborgare/services/{service.pk}/dates.ics",
            is_public=True,
        )


def _private_pages(builder: Builder, home: Any) -> None:
    """What only staff, and only guests with the password, may read."""
    from factories import make_page
    from wagtail.models import PageViewRestriction

    draft = make_page(home, slug="utkast")
    draft.text = builder.canary("staff", places=("draft", "revision"))
    revision = draft.save_revision()
    builder.address("draft", f"/admin/pages/{draft.pk}/view_draft/", is_public=False)
    builder.address(
        "revision",
        f"/admin/pages/{draft.pk}/revisions/{revision.pk}/view/",
        is_public=False,
    )
    inside = make_page(
        home, slug="inne", text=builder.canary("staff", places=("inside",))
    )
    PageViewRestriction.objects.create(page=inside, restriction_type="login")
    builder.address("inside", inside.url, is_public=False)
    guests = make_page(
        home, slug="gaster", text=builder.canary("guest", places=("guests",))
    )
    PageViewRestriction.objects.create(
        page=guests, restriction_type="password", password="secret"
    )
    builder.address("guests", guests.url, is_public=False)


def _people(builder: Builder, home: Any) -> list[Person]:
    from factories import make_service

    people = []
    for number in range(VISITORS):
        kind = {8: "staff", 9: "guest"}.get(number % 10, KINDS[number % len(KINDS)])
        kept = {}
        for what in ("saved", "dismissed"):
            service = make_service(f"Tjänst {number} {what}")
            service.name = builder.canary(
                what, key=str(service.pk), places=("my-services",)
            )
            service.slug = f"{what}-{number}"
            service.save()
            kept[what] = str(service.pk)
        people.append(
            Person(
                kind=kind,
                session=_session(kind, number),
                to_save=kept["saved"],
                to_dismiss=kept["dismissed"],
            )
        )
    return people


def _session(kind: str, number: int) -> str:
    """Return the key of a session as log-in, or the page's password, would make it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from factories import make_editor
    from wagtail.models import PageViewRestriction

    session = SessionStore()
    if kind == "staff":
        user = make_editor(f"editor{number}")
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    elif kind == "guest":
        passed = PageViewRestriction.objects.get(restriction_type="password")
        session[PageViewRestriction.passed_view_restrictions_session_key] = [passed.pk]
    else:
        return ""
    session.create()
    return str(session.session_key)


def main(where: Path) -> None:
    os.environ["DRILL_DATABASE"] = str(where.with_suffix(".sqlite3"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "drills.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        build(where)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
