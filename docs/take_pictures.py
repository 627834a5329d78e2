"""Take the pictures of the documentation and of the guide from a running example site.

Usage: make demo, then: python docs/take_pictures.py http://localhost:8000 [password]
Needs playwright and a system Chromium. The guide has its pictures in each language.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
IMAGES = HERE / "images"
GUIDE = HERE.parent / "wagtail_medborgare/core/static/medborgare_core/guide"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LANGUAGES = ("sv", "en")


def start_page(page: Any, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Få barn").first.click()
    page.get_by_text("Visar det som gäller").first.wait_for()


def my_services_on_a_phone(page: Any, url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 780})
    page.goto(f"{url}/medborgare/choices/")
    page.get_by_label("Få barn").check()
    page.get_by_role("button", name="Visa det som gäller mig").click()
    page.get_by_text("Visar det som gäller").first.wait_for()
    page.goto(f"{url}/mina-tjanster/")


def tagging_a_service(page: Any, url: str) -> None:
    page.goto(f"{url}/admin/snippets/medborgare_services/service/")
    page.locator("main a[href*='/edit/']").first.click()
    page.wait_for_load_state("networkidle")


def _edit_start_page(page: Any, url: str) -> str:
    """Open the start page in the editor and return its key."""
    # The explorer opens at the highest page that the editor may change.
    page.goto(f"{url}/admin/pages/")
    pk = str(page.url.rstrip("/").rpartition("/")[2])
    page.goto(f"{url}/admin/pages/{pk}/edit/")
    page.wait_for_load_state("networkidle")
    return pk


def who_sees(page: Any, url: str) -> None:
    _edit_start_page(page, url)
    page.locator("[data-side-panel-toggle='who-sees']").click()
    page.wait_for_timeout(1500)


def compare(page: Any, url: str) -> None:
    pk = _edit_start_page(page, url)
    page.goto(f"{url}/admin/medborgare/compare/municipality/startpage/{pk}/")
    for side, place in (("left", 1), ("right", 2)):
        choice = page.locator(f"select[name={side}]")
        choice.select_option(index=place)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)


PICTURES: dict[str, Callable[[Any, str], None]] = {
    "start-page": start_page,
    "my-services-phone": my_services_on_a_phone,
    "tag-a-service": tagging_a_service,
}
IN_THE_GUIDE: dict[str, Callable[[Any, str], None]] = {
    "my-services-phone": my_services_on_a_phone,
    "tag-a-service": tagging_a_service,
    "who-sees": who_sees,
    "compare": compare,
}
FOR_RESIDENTS = (start_page, my_services_on_a_phone)


def log_in(page: Any, url: str, password: str, language: str) -> None:
    page.goto(f"{url}/admin/login/")
    page.fill("input[name=username]", "klara")
    page.fill("input[name=password]", password)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/admin/")
    page.goto(f"{url}/admin/account/")
    page.select_option("select[name$=preferred_language]", language)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")


def take(browser: Any, prepare: Any, url: str, password: str, language: str) -> bytes:
    """Return one picture, as PNG."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="sv-SE", reduced_motion="reduce"
    )
    page = context.new_page()
    if prepare not in FOR_RESIDENTS:
        log_in(page, url, password, language)
    prepare(page, url)
    picture: bytes = page.screenshot()
    context.close()
    return picture


def main(url: str, password: str = "strandvik-demo") -> None:  # noqa: S107  (public demo)
    url = url.rstrip("/")
    with sync_playwright() as api:
        browser = api.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS
        )
        IMAGES.mkdir(exist_ok=True)
        for name, prepare in PICTURES.items():
            picture = take(browser, prepare, url, password, "sv")
            (IMAGES / f"{name}.png").write_bytes(picture)
        for language in LANGUAGES:
            folder = GUIDE / language
            folder.mkdir(parents=True, exist_ok=True)
            for name, prepare in IN_THE_GUIDE.items():
                picture = take(browser, prepare, url, password, language)
                (folder / f"{name}.png").write_bytes(picture)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
