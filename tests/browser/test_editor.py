"""An editor at work: the real catalogue, tagged in the browser, reaches residents."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

DATA = Path(
    os.environ.get("MEDBORGARE_DATA")
    or Path(__file__).resolve().parents[3] / "shared" / "data"
)
LATIN_1 = DATA / "sweden-sundsvall" / "oep-getflows.json"
UTF_8 = DATA / "sweden-sundsvall" / "oep-getflows.utf8.json"
IMPORTED = "Ansökan om skolskjuts"


@pytest.fixture
def editor(make_person) -> Any:
    return make_person().log_in("klara")


@pytest.mark.skipif(not LATIN_1.exists(), reason=f"the real data is not in {DATA}")
def test_the_real_catalogue_imported_twice_and_tagged_reaches_my_services(
    server, editor, make_person
):
    first = server.manage("medborgare_import_services", str(LATIN_1))
    second = server.manage("medborgare_import_services", str(LATIN_1))
    third = server.manage("medborgare_import_services", str(UTF_8))
    assert "161" in first.splitlines()[-1]
    assert second.splitlines()[-1] == third.splitlines()[-1]
    assert "161" in second.splitlines()[-1]

    page = editor.page
    editor.open("/admin/snippets/medborgare_services/service/?q=skolskjuts")
    page.get_by_role("link", name=IMPORTED).first.click()
    page.locator(".mb-cards__card", has_text="Få barn").locator("input").check()
    page.locator("[data-w-dropdown-target=toggle]").last.click()
    page.locator("button[name=action-publish]").click()
    page.wait_for_load_state("networkidle")

    resident = make_person()
    resident.open("/mina-tjanster/")
    resident.press("Få barn")
    resident.page.evaluate(
        "document.querySelectorAll('details.mb-more').forEach((item) => { item.open = true })"
    )
    assert IMPORTED in resident.text()

    fourth = server.manage("medborgare_import_services", str(LATIN_1))
    assert fourth.splitlines()[-1] == second.splitlines()[-1]
    resident.open("/mina-tjanster/")
    resident.page.evaluate(
        "document.querySelectorAll('details.mb-more').forEach((item) => { item.open = true })"
    )
    assert IMPORTED in resident.text()


@pytest.fixture
def start_page_editor(server, make_person) -> Any:
    person = make_person().log_in("klara")
    found = server.manage(
        "shell", "-v0", "-c",
        "from municipality.models import StartPage; print(StartPage.objects.get().pk)",
    )  # fmt: skip
    person.open(f"/admin/pages/{found.split()[-1]}/edit/")
    person.page.wait_for_load_state("networkidle")
    return person


def test_the_collapsed_block_shows_who_it_is_for(start_page_editor):
    headers = start_page_editor.page.locator(".c-sf-block__title").all_inner_texts()

    assert any(text.startswith("Bara Få barn") for text in headers)
    assert any(text.startswith("Alla utom ") for text in headers)


def test_an_audience_with_nobody_in_it_is_refused_and_nothing_is_lost(
    start_page_editor,
):
    page = start_page_editor.page
    page.evaluate(
        """() => document.querySelectorAll("input[name$='-audience-situations']:checked")
            .forEach((item) => { item.checked = false })"""
    )
    page.locator("[data-w-dropdown-target=toggle]").last.click()
    page.locator("button[name=action-publish]").click()
    page.wait_for_load_state("networkidle")

    assert "Välj minst en" in page.locator("body").inner_text()
    kept = page.locator("input[type=text]").evaluate_all(
        "items => items.map((item) => item.value)"
    )
    assert "Sök förskoleplats senast den 15 januari" in kept
