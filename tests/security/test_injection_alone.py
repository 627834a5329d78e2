"""Each payload alone: what markup and addresses are read as depends on the start."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from factories import (
    make_catalogue,
    make_editor,
    make_home,
    make_module,
    make_my_services,
    make_service,
    make_situation,
    service_form_data,
)
from security.active import Found, active_in_response
from security.payloads import PAYLOADS
from security.shown import (
    holds_long_texts,
    run_by,
)
from wagtail.models import Locale

from wagtail_medborgare.services.feeds import reading
from wagtail_medborgare.services.models import Channel, Module, Service, Unit
from wagtail_medborgare.services.pages_context import PER_PAGE
from wagtail_medborgare.services.unit_modules.showing import MOST
from wagtail_medborgare.situations.models import LifeSituation

pytestmark = pytest.mark.django_db


def make_one_for_each(*rich: str) -> list[Service]:
    """Make a service for each payload, alone in its address and in rich texts."""
    situation = make_situation("Få barn", slug="fa-barn")
    locale = Locale.get_default()
    services = Service.objects.bulk_create(
        Service(
            name=f"Tjänst {number:03}",
            slug=f"tjanst-{number}",
            locale=locale,
            **dict.fromkeys(rich, payload),
        )
        for number, payload in enumerate(PAYLOADS)
    )
    Channel.objects.bulk_create(
        Channel(service=service, url=payload, phone=payload)
        for service, payload in zip(services, PAYLOADS, strict=True)
    )
    for service in services[:1]:
        service.life_situations.set([situation])
        service.save()
    return services


@holds_long_texts
def test_a_service_page_shows_no_markup_and_no_address_that_runs(visitor):
    home = make_home()
    make_catalogue(home)
    services = make_one_for_each("description", "have_at_hand", "what_happens_then")
    usual = active_in_response(visitor.get("/tjanster/"))
    found = {}

    for service, payload in zip(services, PAYLOADS, strict=True):
        response = visitor.get(f"/tjanster/{service.slug}/")
        more = run_by(response)
        scripts = response.text.count("<script") - response.text.count("/medborgare.js")
        # Its own data for search engines.
        if more or scripts != 1:
            found[payload] = (more, scripts)

    assert usual["element", "script"] == 1
    assert found == {}


@holds_long_texts
def test_without_a_catalogue_no_list_links_to_an_address_that_runs(visitor):
    make_my_services(make_home())
    services = make_one_for_each()
    shown = 0

    for number in range(1, 1 + -(-len(PAYLOADS) // PER_PAGE)):
        response = visitor.get(f"/mina-tjanster/?all=1&p={number}")
        shown += sum(f">{service.name}</a>" in response.text for service in services)
        assert run_by(response) == Found()

    assert shown >= len(PAYLOADS)
    assert services[0].get_url() == ""


@holds_long_texts
def test_the_modules_of_units_show_no_markup_and_no_address_that_runs(visitor):
    make_my_services(make_home())
    shown = bold = 0

    for start in range(0, len(PAYLOADS), MOST - 1):
        Module.objects.all().delete()
        for payload in PAYLOADS[start : start + MOST - 1]:
            link = {"label": "Farlig länk", "url": payload}
            make_module(text=f"<p><b>Fet</b></p>{payload}", links=[link])
        good = {"label": "Bra länk", "url": "https://example.se/bra"}
        make_module(links=[good])
        response = visitor.get("/mina-tjanster/")

        assert run_by(response) == Found()
        assert '<a href="https://example.se/bra">Bra länk</a>' in response.text
        shown += response.text.count("mb-item--module") - 1
        bold += response.text.count("<b>Fet</b>")

    assert shown == bold == len(PAYLOADS)


def test_what_a_feed_sends_is_shown_as_text(visitor, monkeypatch):
    make_my_services(make_home())
    items = [
        {"title": f"{number} {payload}", "url": payload, "id": str(number)}
        for number, payload in enumerate(PAYLOADS)
    ]
    pages = [items[start : start + 20] for start in range(0, len(items), 20)]
    for number in range(len(pages)):
        url = f"https://feeds.example.se/{number}"
        make_module(kind="feed", feed_url=url, feed_limit=20)

    def fetch(_policy: Any, url: str, **_kwargs: Any) -> Any:
        number = int(url.rpartition("/")[2])
        feed = {"version": "https://jsonfeed.org/version/1.1", "items": pages[number]}
        return SimpleNamespace(body=json.dumps(feed).encode(), charset="utf-8")

    monkeypatch.setattr(reading, "fetch", fetch)

    response = visitor.get("/mina-tjanster/")

    assert run_by(response) == Found()
    assert len(re.findall(r"<li>(?:<a [^>]*>)?\d+ ", response.text)) > 100


def test_what_an_importer_reads_is_shown_as_text(visitor, tmp_path):
    make_catalogue(make_home())
    flows = [
        {
            "ID": number, "FlowFamilyID": number, "Name": f"{number} {payload}",
            "FlowFamilyURL": f"https://e.example.se/overview/{number}",
            "ShortDescription": payload, "LongDescription": f"<p>Text</p>{payload}",
            "Category": payload,
        }
        for number, payload in enumerate(PAYLOADS, 1)
    ]  # fmt: skip
    path = tmp_path / "flows.json"
    path.write_text(json.dumps({"Flows": flows}))
    call_command("medborgare_import_services", path, verbosity=0)
    services = Service.objects.filter(live=True)
    assert len(services) == len(PAYLOADS)

    for service in services:
        found = run_by(visitor.get(f"/tjanster/{service.slug}/"))
        assert found == Found(), service.name


def test_a_preview_of_what_is_being_written_runs_nothing(client):
    client.force_login(make_editor())
    path = "/admin/snippets/medborgare_services/service/preview/"
    names = [payload for payload in PAYLOADS if payload.strip() and len(payload) < 120]

    for name in names[::3]:
        data = service_form_data(name=name, summary=name, cost=name, slug="tjanst")
        asked = client.post(path, data)
        assert asked.json()["is_valid"], name
        found = run_by(client.get(path))
        assert found == Found(), name


# An icon is the name of a file, also one that no file system takes.
ODD_CHOICES = ("../" * 12 + "etc/passwd", "mbx" * 200, *PAYLOADS[::20])


@holds_long_texts
@pytest.mark.parametrize("payload", ODD_CHOICES)
def test_a_choice_outside_its_list_breaks_and_runs_nothing(visitor, payload):
    home = make_home()
    make_my_services(home)
    make_catalogue(home)
    situation = make_situation("Få barn", slug="fa-barn")
    service = make_service(situations=[situation], channels=[{"address": "Torget"}])
    module = make_module(situations=[situation])
    LifeSituation.objects.update(icon=payload)
    Channel.objects.update(kind=payload)
    Module.objects.filter(pk=module.pk).update(kind=payload)
    situation.refresh_from_db()
    situation.save()

    for path in (
        "/mina-tjanster/",
        "/medborgare/choices/",
        f"/tjanster/{service.slug}/",
    ):
        found = run_by(visitor.get(path))
        assert found == Found(), path


@holds_long_texts
def test_a_slug_is_a_part_of_an_address_and_no_more(visitor, client):
    home = make_home()
    make_my_services(home)
    make_catalogue(home)
    services = make_one_for_each()
    units = Unit.objects.bulk_create(
        Unit(name=f"Enhet {number}", slug=payload)
        for number, payload in enumerate(PAYLOADS)
    )
    situations = LifeSituation.objects.bulk_create(
        LifeSituation(name=f"Situation {number}", slug=payload)
        for number, payload in enumerate(PAYLOADS)
    )
    for service, unit in zip(services, units, strict=True):
        service.slug, service.unit = unit.slug, unit
    Service.objects.bulk_update(services, ["slug", "unit"])
    for row in (services[0], units[0], situations[0]):
        row.save()
    pages = range(1, 1 + -(-len(PAYLOADS) // PER_PAGE))

    for path in (
        *(f"/tjanster/?p={number}" for number in pages),
        *(f"/mina-tjanster/?all=1&p={number}" for number in pages),
        "/medborgare/choices/",
    ):
        response = visitor.get(path)
        assert run_by(response) == Found(), path
        assert "mbx" in response.text
    client.force_login(make_editor())
    kinds = ("services/service", "services/unit", "situations/lifesituation")
    calm = active_in_response(client.get("/admin/medborgare/guide/", follow=True))
    for kind in kinds:
        response = client.get(f"/admin/snippets/medborgare_{kind}/")
        found = active_in_response(response) - calm
        assert {key for key in found if key[0] != "element"} == set(), kind
