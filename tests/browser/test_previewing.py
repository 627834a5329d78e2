"""An ordinary editor looks at the start page as somebody else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

WHO = "#id_medborgare_preview_as"
# Set it to a folder to get a picture of each view.
PICTURES = os.environ.get("MEDBORGARE_PICTURES")

LET_MAJA_EDIT_THE_START_PAGE = """
from django.contrib.auth.models import Permission
from municipality.models import StartPage
from wagtail.models import GroupPagePermission, Page
from django.contrib.auth import get_user_model
maja = get_user_model().objects.get(username="maja")
start = StartPage.objects.get()
GroupPagePermission.objects.get_or_create(
    group=maja.groups.get(), page=Page.objects.get(pk=start.pk),
    permission=Permission.objects.get(
        codename="change_page", content_type__app_label="wagtailcore"))
print(start.pk)
"""


@pytest.fixture
def start_pk(server) -> str:
    found = server.manage("shell", "-v0", "-c", LET_MAJA_EDIT_THE_START_PAGE)
    return found.split()[-1]


def picture(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def frame_with(page: Any, text: str) -> None:
    frame = page.frame_locator("[data-w-preview-target=iframe]").first
    frame.get_by_text(text).first.wait_for()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_an_editor_previews_as_a_persona_and_as_two_situations(
    make_person, start_pk, colours
):
    editor = make_person(colours=colours).log_in("maja")
    page = editor.page
    editor.open(f"/admin/pages/{start_pk}/edit/")
    page.locator("[data-side-panel-toggle=preview]").click()

    page.locator(WHO).select_option(label="Två barn och ett hus")
    frame_with(page, "Visar det som gäller Få barn och Bygga eller bygga om.")
    page.locator(".mb-picker__several summary").click()
    boxes = page.locator(".mb-picker__box")
    assert boxes.filter(has_text="Få barn").locator("input").is_checked()
    picture(page, f"preview-as-{colours}")

    boxes.filter(has_text="Bygga eller bygga om").locator("input").uncheck()
    boxes.filter(has_text="Starta och driva företag").locator("input").check()

    frame_with(page, "Visar det som gäller Få barn och Starta och driva företag.")
    picked = page.locator(WHO).evaluate("item => item.selectedOptions[0].textContent")
    assert picked == "Få barn och Starta och driva företag"

    page.locator(WHO).select_option(index=0)
    frame_with(page, "Välj det som stämmer")
    assert not [name for name in editor.cookies() if "medborgare" in name]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_an_editor_compares_two_residents(make_person, start_pk, colours):
    editor = make_person(colours=colours).log_in("maja")
    page = editor.page
    editor.open(f"/admin/medborgare/compare/municipality/startpage/{start_pk}/")

    page.locator("#left").select_option(label="Två barn och ett hus")
    page.locator("#right").select_option(label="Startar eget")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**left=persona-*")

    left, right = (
        page.frame_locator("iframe.mb-compare__frame").nth(n) for n in (0, 1)
    )
    left.get_by_text("Visar det som gäller Få barn").first.wait_for()
    right.get_by_text(
        "Visar det som gäller Förlora eller lämna jobbet"
    ).first.wait_for()
    picture(page, f"compare-{colours}")
    assert not [item for item in editor.complaints if "other host" in item]


def test_an_editor_sees_the_published_page_as_somebody_and_leaves(
    make_person, start_pk
):
    editor = make_person().log_in("maja")
    page = editor.page
    editor.open("/")
    page.locator("wagtail-userbar button.w-userbar-trigger").click()
    page.locator("wagtail-userbar a[href*='/see-as/']").click()
    page.locator("#as").select_option(label="Nyinflyttad")
    page.locator("main form button[type=submit]").click()

    # The user bar is open by itself: a sign that one is somebody else, and the way out.
    page.locator("wagtail-userbar").get_by_text("Nyinflyttad").wait_for()
    assert "Ny i Sverige" in editor.text()
    picture(page, "see-as")
    page.locator("wagtail-userbar [role=menuitem]").last.click()

    page.wait_for_url(f"{editor.url}/")
    assert "Visar det som gäller" not in editor.text()
    assert "situation" not in page.url
