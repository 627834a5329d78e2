"""axe finds nothing on any template: light and dark, phone and desktop; nothing overflows."""

from __future__ import annotations

from typing import Any

import pytest
from browser.axe import problems

PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 900}

# Every public template, and the states in which it looks different.
STATES = {
    "start page, nothing chosen": ("/", []),
    "start page, one choice": ("/", ["having-a-child"]),
    "start page, five choices": (
        "/",
        [
            "having-a-child",
            "building-a-house",
            "retirement",
            "driving-a-vehicle",
            "death-of-a-relative",
        ],
    ),
    "start page, sensitive choice": ("/", ["facing-debt"]),
    "my services, nothing chosen": ("/mina-tjanster/", []),
    "my services, chosen": ("/mina-tjanster/", ["having-a-child", "building-a-house"]),
    "my services, a situation without content": (
        "/mina-tjanster/",
        ["travelling-abroad"],
    ),
    "my services, search": ("/mina-tjanster/?q=bygglov", ["having-a-child"]),
    "my services, search without hits": ("/mina-tjanster/?q=zzzz", []),
    "choices": ("/medborgare/choices/", []),
    "choices, chosen": ("/medborgare/choices/", ["having-a-child", "facing-debt"]),
    "catalogue": ("/tjanster/", []),
    "catalogue, search": ("/tjanster/?q=bygglov", []),
    "not found": ("/finns-inte/", []),
}
LINKED = {
    "service": ("/tjanster/?q=bygglov", "main h3 a"),
    "sensitive service": ("/tjanster/?q=skuld", "main h3 a"),
    "section page": ("/", "header nav a"),
}


def choose(person: Any, slugs: list[str]) -> None:
    if not slugs:
        return
    person.open("/medborgare/choices/")
    for slug in slugs:
        person.page.locator(f"input[name=situation][value={slug}]").check()
    person.press("Visa det som gäller mig")


def check(person: Any, name: str) -> None:
    page = person.page
    found = problems(page)
    assert found == [], f"{name}: {found}"
    width = page.viewport_size["width"]
    overflow = page.evaluate("document.documentElement.scrollWidth")
    assert overflow <= width, f"{name}: {overflow} px wide at {width}"


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["320 px", "desktop"])
def test_axe_finds_nothing_on_any_template(make_person, colours, viewport):
    for name, (path, slugs) in STATES.items():
        person = make_person(viewport=viewport, colours=colours, bypass_csp=True)
        choose(person, slugs)
        person.open(path)
        check(person, name)
        person.context.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["320 px", "desktop"])
def test_axe_finds_nothing_on_pages_that_one_is_led_to(make_person, colours, viewport):
    person = make_person(viewport=viewport, colours=colours, bypass_csp=True)
    for name, (path, selector) in LINKED.items():
        person.open(path)
        address = person.page.locator(selector).first.get_attribute("href")
        person.open(address.removeprefix(person.url))
        check(person, name)


def test_axe_finds_nothing_where_all_situations_are_open(make_person):
    person = make_person(bypass_csp=True)
    person.open("/")

    person.page.locator("details.mb-all summary").click()

    check(person, "all situations")


def test_a_refusal_is_accessible_too(make_person):
    person = make_person(bypass_csp=True)
    person.open("/")

    person.page.evaluate(
        """() => {
            const form = document.querySelector("form[action$='/add/']");
            form.removeAttribute("data-mb-form");
            form.action = form.action.replace("/add/", "/save/");
        }"""
    )
    person.press("Få barn")

    assert "Det gick inte" in person.text()
    check(person, "problem")


@pytest.mark.parametrize(
    "path", ["/", "/mina-tjanster/", "/tjanster/", "/medborgare/choices/"]
)
def test_a_strict_content_policy_is_never_broken_and_no_other_host_is_asked(
    make_person, path
):
    person = make_person()

    response = person.open(path)
    if path != "/tjanster/":
        person.page.locator(
            "button[value=having-a-child], input[value=having-a-child]"
        ).first.click()
        person.page.wait_for_load_state("networkidle")

    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert person.complaints == []


def test_targets_are_large_enough_for_a_thumb(make_person):
    person = make_person(viewport=PHONE)
    person.open("/mina-tjanster/")
    person.press("Få barn")

    small = person.page.evaluate(
        """() => [...document.querySelectorAll("main button, main summary, main a.mb-button")]
            .filter((element) => element.checkVisibility())
            .map((element) => [element.innerText, element.getBoundingClientRect().height])
            .filter(([, height]) => height < 44)"""
    )

    assert small == []
