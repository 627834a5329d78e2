"""An ordinary editor sees at once who sees what, without saving anything."""

from __future__ import annotations

from typing import Any

import pytest

PAGE_WITH_TEASER = """
from municipality.models import ContentPage
from wagtail_medborgare.situations.models import LifeSituation
page = ContentPage.objects.get(title="Förskola")
pk = LifeSituation.objects.get(name="Få barn").pk
page.body.append(("teaser", {
    "audience": {"mode": "only", "situations": [pk], "segments": []},
    "content": {"heading": "Öppet hus", "text": "Välkommen.", "page": None, "link_text": ""},
}))
page.save_revision().publish()
print(page.pk)
"""


@pytest.fixture
def editor(server: Any, make_person: Any) -> Any:
    """Maja, who edits the pages of her own unit only, with a personalised teaser open."""
    pk = server.manage("shell", "-v0", "-c", PAGE_WITH_TEASER).split()[-1]
    person = make_person().log_in("maja")
    person.open(f"/admin/pages/{pk}/edit/")
    person.page.wait_for_load_state("networkidle")
    return person


def header(person: Any) -> Any:
    """Return the header of the last block, which is the teaser."""
    section = person.page.locator("section[id^=block-]", has_text="Puff för några")
    return section.last.locator(".c-sf-block__title").first


def tick(person: Any, name: str) -> None:
    card = person.page.locator(".mb-cards__card", has_text=name)
    # Folded away inside the block, as it is when the form opens.
    card.locator("input[name$='-audience-situations']").last.evaluate(
        "box => box.click()"
    )


def test_the_header_of_a_block_follows_what_one_ticks(editor):
    assert header(editor).inner_text() == "Bara Få barn: Öppet hus"

    tick(editor, "Ny i Sverige")

    assert header(editor).inner_text() == (
        "Bara Få barn, Ny i Sverige eller flytta utomlands: Öppet hus"
    )

    mode = editor.page.locator("select[name$='-audience-mode']").last
    mode.evaluate(
        """select => {
            select.value = 'everyone';
            select.dispatchEvent(new Event('change', { bubbles: true }));
        }"""
    )

    assert header(editor).inner_text() == "Alla: Öppet hus"


def test_the_minimap_follows_too(editor):
    labels = editor.page.locator(".w-minimap-item__text")
    tick(editor, "Få barn")
    tick(editor, "Ny i Sverige")

    labels.filter(has_text="Bara Ny i Sverige").first.wait_for(state="attached")


def test_the_panel_tells_who_sees_what_while_one_edits(editor):
    page = editor.page
    page.locator("[data-side-panel-toggle=who-sees]").click()
    panel = page.locator("[data-side-panel=who-sees]")
    panel.get_by_role("link", name="Öppet hus").first.wait_for()
    assert "Få barn" in panel.inner_text()
    assert "Ny i Sverige" not in panel.inner_text()

    tick(editor, "Ny i Sverige")
    panel.get_by_text("Ny i Sverige").first.wait_for(state="attached")

    # Nobody is left: it is told at once, and where.
    tick(editor, "Ny i Sverige")
    tick(editor, "Få barn")
    panel.locator("[data-unseen] > .help-block a").first.wait_for()
    address = panel.locator("[data-unseen] > .help-block a").first.get_attribute("href")
    assert page.locator(f"section{address}").count() == 1
    assert editor.complaints == []


def test_the_panel_keeps_its_answer_when_it_cannot_ask(editor):
    page = editor.page
    page.locator("[data-side-panel-toggle=who-sees]").click()
    panel = page.locator("[data-side-panel=who-sees]")
    unreachable = panel.locator("[data-mb-who-sees-target=unreachable]")
    invalid = panel.locator("[data-mb-who-sees-target=invalid]")

    page.route("**/who-sees/**", lambda route: route.abort())
    tick(editor, "Ny i Sverige")
    unreachable.wait_for(state="visible")
    assert "Få barn" in panel.inner_text()
    assert "Ny i Sverige" not in panel.inner_text()

    page.unroute("**/who-sees/**")
    page.route("**/who-sees/**", lambda route: route.fulfill(status=422, body=""))
    tick(editor, "Ny i Sverige")
    invalid.wait_for(state="visible")
    assert unreachable.is_hidden()

    page.unroute("**/who-sees/**")
    tick(editor, "Ny i Sverige")
    panel.get_by_text("Ny i Sverige").first.wait_for(state="attached")
    assert invalid.is_hidden()


def test_without_script_the_panel_tells_how_the_page_is_saved(server, make_person):
    pk = server.manage("shell", "-v0", "-c", PAGE_WITH_TEASER).split()[-1]
    person = make_person(script=False)
    person.log_in("maja")

    html = person.open(f"/admin/pages/{pk}/edit/").text()

    assert "Puff för några: Öppet hus" in html
