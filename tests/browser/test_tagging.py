"""An ordinary editor tags many things at once, a section, and what is suggested."""

from __future__ import annotations

from typing import Any

import pytest

SERVICES = "/admin/snippets/medborgare_services/service/"
TWO_NEW = """
from wagtail_medborgare.services.models import Service
for name in ("Cykelprov för barn", "Cykelprov för vuxna"):
    Service.objects.get_or_create(name=name, slug=name.split()[-1])
"""
LIKE_OTHERS = """
from wagtail_medborgare.services.models import Service
Service.objects.get_or_create(
    name="Ansök om bygglov för altan", slug="altan",
    summary="Ska du bygga en altan behöver du bygglov innan du bygger.")
"""
TAGS_OF = """
from wagtail_medborgare.services.models import Service
for service in Service.objects.filter(name__in={names!r}):
    print("tags:", sorted(service.life_situations.names()))
"""
SECTION = """
from municipality.models import ContentPage
page = ContentPage.objects.get(title="Om webbplatsen")
beneath = page.add_child(instance=ContentPage(title="Kakor", slug="kakor"))
print(page.pk, beneath.pk)
"""


@pytest.fixture
def editor(make_person: Any) -> Any:
    return make_person().log_in("klara")


def tags_of(server: Any, *names: str) -> list[str]:
    lines = server.manage("shell", "-v0", "-c", TAGS_OF.format(names=names))
    return [line for line in lines.splitlines() if line.startswith("tags:")]


def test_two_services_are_tagged_at_once_and_untagged_again(server, editor):
    server.manage("shell", "-v0", "-c", TWO_NEW)
    names = ("Cykelprov för barn", "Cykelprov för vuxna")
    page = editor.page

    def tick_both() -> None:
        editor.open(f"{SERVICES}?q=cykelprov")
        for name in names:
            row = page.locator("tr", has_text=name)
            row.locator("[data-bulk-action-checkbox]").check()

    tick_both()
    page.get_by_role("link", name="Lägg till situationer").click()
    page.wait_for_url("**/bulk/**")
    assert all(name in page.locator("body").inner_text() for name in names)
    page.locator(".mb-cards__card", has_text="Resa utomlands").locator("input").check()
    page.get_by_role("button", name="Lägg till situationer").click()
    page.wait_for_url(f"**{SERVICES}**")

    assert "2" in page.locator(".messages").inner_text()
    assert tags_of(server, *names) == ["tags: ['Resa utomlands']"] * 2

    tick_both()
    page.get_by_role("link", name="Ta bort situationer").click()
    page.locator(".mb-cards__card", has_text="Resa utomlands").locator("input").check()
    page.get_by_role("button", name="Ta bort situationer").click()
    page.wait_for_url(f"**{SERVICES}**")

    assert tags_of(server, *names) == ["tags: []"] * 2


def test_a_suggestion_says_why_and_is_accepted_with_one_tick(server, editor):
    server.manage("shell", "-v0", "-c", LIKE_OTHERS)
    page = editor.page
    editor.open("/admin/")
    page.get_by_role("button", name="Medborgare").click()
    page.get_by_role("link", name="Förslag").click()

    row = page.locator("tr", has_text="Ansök om bygglov för altan")
    suggestion = row.locator("label", has_text="Bygga eller bygga om")
    assert "nämner" in suggestion.inner_text()
    assert "bygglov" in suggestion.inner_text()
    assert tags_of(server, "Ansök om bygglov för altan") == ["tags: []"]
    suggestion.locator("input").check()
    page.get_by_role("button", name="Lägg till det du har kryssat för").click()
    page.wait_for_load_state("networkidle")

    assert tags_of(server, "Ansök om bygglov för altan") == [
        "tags: ['Bygga eller bygga om']"
    ]
    assert page.locator("tr", has_text="Ansök om bygglov för altan").count() == 0


def test_a_section_is_tagged_at_its_top_and_a_page_beneath_says_so(server, editor):
    above, beneath = server.manage("shell", "-v0", "-c", SECTION).split()[-2:]
    page = editor.page

    def open_form(pk: str) -> None:
        editor.open(f"/admin/pages/{pk}/edit/")
        page.wait_for_load_state("networkidle")

    open_form(above)
    page.locator(".mb-cards__card", has_text="Resa utomlands").locator("input").check()
    page.get_by_label("Gäller även allt under sidan").check()
    editor.choose_action("[name=action-publish]")

    open_form(beneath)
    told = page.locator(".mb-sections").inner_text()
    assert "Resa utomlands" in told
    assert "Om webbplatsen" in told
    page.get_by_label("Det som sägs ovanför gäller inte här").check()
    editor.choose_action("[name=action-publish]")

    open_form(beneath)
    assert "gäller inte här" in page.locator(".mb-sections").inner_text()
