"""Units own their content: editors change their own, and somebody approves."""

from __future__ import annotations

import re
from typing import Any

SERVICES = "/admin/snippets/medborgare_services/service/"
MODULES = "/admin/snippets/medborgare_services/module/"


def open_service(person: Any, name: str) -> None:
    person.open(f"{SERVICES}?q={name}")
    person.page.get_by_role("link", name=name, exact=True).first.click()
    person.page.wait_for_load_state("networkidle")


def test_an_editor_submits_her_own_and_only_looks_at_the_others(make_person):
    maja = make_person().log_in("maja")
    page = maja.page
    maja.open(f"{SERVICES}?q=förskola")
    own = page.locator("tr", has_text="Barn och utbildning").first
    name = own.locator("a").first.inner_text().strip()
    open_service(maja, name)
    page.fill("input[name=summary]", "Ny sammanfattning från Maja.")
    maja.choose_action("[name=action-submit]")
    assert "Barn och utbildning" in page.locator("body").inner_text()

    maja.open(f"{SERVICES}?q=bygglov")
    foreign = page.locator("tr", has_text="Samhällsbyggnad").first
    assert foreign.locator("a[href*='/edit/']").count() == 0
    assert foreign.locator("a[href*='/inspect/']").count() > 0

    karin = make_person().log_in("karin")
    assert name in karin.page.locator("main").inner_text()
    assert "väntar på ditt godkännande" in karin.page.locator("main").inner_text()
    karin.page.locator("#awaiting-review-section a", has_text=name).first.click()
    karin.page.wait_for_load_state("networkidle")
    karin.choose_action("[data-workflow-action-name=approve]")

    resident = make_person()
    resident.open(f"/tjanster/?q={name}")
    assert "Ny sammanfattning från Maja." in resident.text()


def test_a_unit_phases_a_module_in_and_out_without_a_developer(make_person):
    ville = make_person().log_in("ville")
    page = ville.page
    ville.open(MODULES)
    page.get_by_role("link", name=re.compile("Lägg till")).first.click()
    page.wait_for_load_state("networkidle")
    page.fill("input[name=title]", "Höstlov på biblioteket")
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.type("Sagostund varje dag klockan tio.")
    # Draftail writes into the form a moment later.
    page.wait_for_timeout(500)
    page.locator(".mb-cards__card", has_text="Få barn").locator("input").check()
    ville.choose_action("[name=action-publish]")
    assert page.url.endswith(MODULES), page.locator(".messages").inner_text()

    resident = make_person()
    resident.open("/mina-tjanster/")
    resident.press("Få barn")
    assert "Höstlov på biblioteket" in resident.text()
    stranger = make_person()
    stranger.open("/mina-tjanster/")
    assert "Höstlov på biblioteket" not in stranger.text()

    page.get_by_role("link", name="Höstlov på biblioteket").first.click()
    page.wait_for_load_state("networkidle")
    page.locator("[data-side-panel-toggle=preview]").click()
    frame = page.frame_locator("[data-w-preview-target=iframe]").first
    frame.get_by_text("Höstlov på biblioteket").first.wait_for()
    ville.choose_action("a[href*='/unpublish/']")
    page.locator("main form [type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    resident.open("/mina-tjanster/")
    assert "Höstlov på biblioteket" not in resident.text()
