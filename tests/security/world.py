"""A small municipality with one of everything, and everybody who may visit it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from conftest import VisitorClient
from django.contrib.auth import get_user_model
from factories import (
    make_catalogue,
    make_editor,
    make_home,
    make_module,
    make_my_services,
    make_page,
    make_service,
    make_situation,
    make_unit,
)
from testapp.models import PlainPage, ShowingPage, VariantPage
from wagtail.models import Page

from wagtail_medborgare.services.models import Module, Service, Unit
from wagtail_medborgare.situations.models import LifeSituation

WHEN = {"date": datetime.date(2020, 1, 15), "is_yearly": True}
ANONYMOUS = ("nobody", "chosen", "remembered", "sensitive")
ROLES = (*ANONYMOUS, "resident", "editor")


@dataclass(frozen=True)
class World:
    """What there is to visit."""

    home: Page
    child: LifeSituation
    debt: LifeSituation
    service: Service
    secret: Service
    unit: Unit
    module: Module

    def client(self, role: str) -> VisitorClient:
        """Return the browser of somebody in this role, with their choice made."""
        client = VisitorClient(enforce_csrf_checks=True, raise_request_exception=False)
        if role in {"chosen", "remembered"}:
            client.choose(self.child, remember=role == "remembered")
            self._save(client, self.service)
        elif role == "sensitive":
            client.choose(self.child, self.debt)
            self._save(client, self.secret)
        elif role == "resident":
            users = get_user_model().objects
            client.force_login(
                users.filter(username="resident").first()
                or users.create_user("resident", password="secret")
            )
        elif role == "editor":
            users = get_user_model().objects
            client.force_login(users.filter(username="editor").first() or make_editor())
        return client

    def _save(self, client: VisitorClient, service: Service) -> None:
        client.submit("/medborgare/save/", {"kind": "service", "key": service.pk})


def make_world() -> World:
    """Make one page of each type, on it every block, and what they show."""
    child = make_situation("Få barn", slug="fa-barn")
    debt = make_situation("Skulder", slug="skulder", is_sensitive=True)
    only_child = {"mode": "only", "situations": [child.pk]}
    only_debt = {"mode": "only", "situations": [debt.pk]}
    home = make_home(
        body=[
            {"type": "text", "value": "Välkommen"},
            {"type": "notice", "value": {"text": "Förskola", "audience": only_child}},
            {"type": "notice", "value": {"text": "Rådgivning", "audience": only_debt}},
            {"type": "chooser", "value": {}},
            {"type": "pages_for_you", "value": {}},
            {"type": "services_for_you", "value": {}},
            {"type": "deadlines_for_you", "value": {}},
            {"type": "what_comes_next", "value": {}},
        ]
    )
    make_my_services(home)
    make_catalogue(home)
    make_page(home, slug="artikel", situations=[child])
    make_page(home, PlainPage, slug="vanlig", body=[{"type": "text", "value": "Hej"}])
    make_page(home, VariantPage, slug="variant", text="Hej")
    make_page(home, ShowingPage, slug="visar", lists_siblings=True)
    unit = make_unit("Barn och utbildning")
    service = make_service(
        "Ansök om förskola",
        slug="forskola",
        unit=unit,
        situations=[child],
        channels=[{"url": "https://e.example.se/1"}],
        deadlines=[{"label": "Sista dag", **WHEN}],
    )
    secret = make_service(
        "Skuldrådgivning",
        slug="skuldradgivning",
        situations=[debt],
        deadlines=[{"label": "Hemlig dag", **WHEN}],
    )
    hours = [(day, datetime.time(8), datetime.time(16)) for day in range(5)]
    make_module("Rådgivningen", kind="opening-hours", hours=hours, situations=[debt])
    module = make_module(
        "Familjecentralen", text="<p>Hej</p>", unit=unit, situations=[child]
    )
    return World(home, child, debt, service, secret, unit, module)
