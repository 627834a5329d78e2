"""A resident says what is going on in their life, and the site answers."""

from __future__ import annotations

import pytest

START, MINE = "/", "/mina-tjanster/"
CHILD = "Få barn"
CHILD_SERVICE = "Ansök om förskoleplats"


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_choosing_changes_the_site_says_why_and_leaves_no_trace(make_person, script):
    person, other = make_person(script=script), make_person(script=script)

    person.open(START)
    person.open(MINE)
    assert person.cookies() == []

    person.open(START)
    before = person.text()
    person.press(CHILD)
    after = person.text()
    assert person.page.url.rstrip("/") == person.url
    assert CHILD_SERVICE not in before
    assert CHILD_SERVICE in after
    assert f"Du ser detta för att du valt {CHILD}" in after
    assert f"Visar det som gäller {CHILD}" in after
    assert person.cookies() == ["__Host-mb-visit"]

    person.open(MINE)
    assert CHILD_SERVICE in person.text()

    other.open(MINE)
    assert CHILD_SERVICE not in other.text()
    assert other.cookies() == []

    person.press("Glöm mina val")
    assert CHILD_SERVICE not in person.text()
    assert person.cookies() == []
    assert person.complaints == []


def test_the_whole_way_by_keyboard_alone(make_person):
    person = make_person()
    page = person.page
    person.open(START)

    def tab_to(name: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            focused = page.evaluate("document.activeElement?.innerText?.trim() ?? ''")
            if focused.replace("\n", " ").startswith(name):
                return
        pytest.fail(f"The keyboard does not reach “{name}”.")

    tab_to(CHILD)
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    page.get_by_text(f"Visar det som gäller {CHILD}").first.wait_for()
    # Focus stays near what was pressed, not at the top of the page.
    assert page.evaluate("document.activeElement !== document.body")
    assert CHILD_SERVICE in person.text()

    person.open(START)
    tab_to("Glöm mina val")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert CHILD_SERVICE not in person.text()
    assert person.cookies() == []


def test_what_happened_is_said_aloud(make_person):
    person = make_person()
    person.open(START)

    person.press(CHILD)

    region = person.page.locator("#mb-announcer")
    assert region.get_attribute("role") == "status"
    person.page.wait_for_function(
        "document.getElementById('mb-announcer').textContent != ''"
    )
    assert CHILD in region.text_content()


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_ticking_several_and_remembering_on_the_device(make_person, script):
    person = make_person(script=script)
    person.open("/medborgare/choices/")

    person.page.get_by_label(CHILD).check()
    person.page.get_by_label("Bygga eller bygga om").check()
    person.page.get_by_label("Kom ihåg på den här enheten").check()
    person.press("Visa det som gäller mig")

    assert person.cookies() == ["__Host-mb-device"]
    person.open(START)
    assert "Bygga eller bygga om" in person.text()


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_saving_a_service_and_waving_another_away(make_person, script):
    person = make_person(script=script)
    person.open(MINE)
    person.press(CHILD)

    group = person.page.locator("section[aria-labelledby=mb-services]")
    first, second = (group.locator("li.mb-item").nth(place) for place in (0, 1))
    saved, waved = (item.locator("a").first.inner_text() for item in (first, second))
    second.get_by_role("button", name="Inte för mig").click()
    person.settle()
    group.locator("li.mb-item").nth(0).get_by_role("button", name="Spara").click()
    person.settle()

    kept = person.page.locator("section[aria-labelledby=mb-saved]").inner_text()
    shown = group.locator("ul.mb-list > li h4").all_inner_texts()
    assert saved in kept
    assert waved not in shown


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_a_sensitive_choice_is_not_remembered_and_has_a_quick_exit(make_person, script):
    person = make_person(script=script)
    person.open("/medborgare/choices/")
    person.page.get_by_label("Få ekonomiska problem").check()
    person.page.get_by_label("Kom ihåg på den här enheten").check()
    person.press("Visa det som gäller mig")

    assert person.cookies() == ["__Host-mb-visit"]
    person.open(START)
    assert "ekonomiska" not in person.page.url
    assert "ekonomiska" not in person.page.title()
    person.press("Lämna sidan snabbt")
    person.page.wait_for_url(f"{person.url}/")

    assert person.cookies() == []
    assert "Få ekonomiska problem" not in person.text()


def test_shift_three_times_leaves_a_sensitive_page(make_person, server):
    person = make_person()
    person.open(sensitive_path(person))

    for _ in range(3):
        person.page.keyboard.press("Shift")
    person.page.wait_for_url(f"{person.url}/")

    person.page.go_back()
    assert person.page.url != person.url + sensitive_path(person)


def sensitive_path(person) -> str:
    """Return the address of a service about something sensitive, found as anybody would."""
    person.open("/tjanster/?q=skuld")
    link = person.page.locator("main h3 a").first
    return str(link.get_attribute("href")).removeprefix(person.url)


def test_the_first_thing_on_a_sensitive_page_is_the_way_out(make_person):
    person = make_person(viewport={"width": 320, "height": 640})
    person.open(sensitive_path(person))
    button = person.page.get_by_role("button", name="Lämna sidan snabbt")

    person.page.mouse.wheel(0, 3000)

    assert button.is_visible()
    assert button.bounding_box()["y"] < 640


def test_a_full_list_is_told_in_words_and_nothing_is_lost(make_person):
    person = make_person(script=False)
    person.open("/tjanster/")
    addresses = [
        link.get_attribute("href") for link in person.page.locator("main h3 a").all()
    ]

    for address in addresses[:26]:
        person.page.goto(person.url + address.removeprefix(person.url))
        person.press("Spara")

    assert "Listan är full" in person.text()
    person.open(MINE)
    saved = person.page.locator("section[aria-labelledby=mb-saved] li.mb-item")
    assert saved.count() == 25


def test_dates_come_as_a_calendar_file(make_person):
    person = make_person()
    person.open(MINE)
    person.press(CHILD)

    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="kalender").first.click()

    assert download.value.suggested_filename.endswith(".ics")
