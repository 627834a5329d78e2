"""Take the pictures of the documentation from a running example site.

Usage: make demo, then: python docs/take_pictures.py http://localhost:8000 [password]
Needs playwright and a system Chromium.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


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


PICTURES: dict[str, Callable[[Any, str], None]] = {
    "start-page": start_page,
    "my-services-phone": my_services_on_a_phone,
    "tag-a-service": tagging_a_service,
}


def log_in(page: Any, url: str, password: str) -> None:
    page.goto(f"{url}/admin/login/")
    page.fill("input[name=username]", "maja")
    page.fill("input[name=password]", password)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/admin/")


def main(url: str, password: str = "strandvik-demo") -> None:  # noqa: S107  (public demo)
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as api:
        browser = api.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS
        )
        for name, prepare in PICTURES.items():
            context = browser.new_context(
                viewport={"width": 1280, "height": 900}, locale="sv-SE"
            )
            page = context.new_page()
            if name.startswith("tag"):
                log_in(page, url, password)
            prepare(page, url.rstrip("/"))
            page.screenshot(path=IMAGES / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
