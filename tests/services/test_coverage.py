"""The table of coverage: each number is the number of rows that it leads to."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext
from factories import (
    make_block,
    make_home,
    make_notice,
    make_page,
    make_service,
    make_situation,
    make_unit,
)
from large_site import make_large_site
from openpyxl import load_workbook
from services.reporters import csv_of, log_in, rows_in, soup_of
from services.test_import_real_file import LATIN_1
from testapp.models import HomePage
from wagtail.models import Locale, Page

from wagtail_medborgare.services.models import Service, TaggedService
from wagtail_medborgare.services.reports.coverage import Coverage
from wagtail_medborgare.situations.models import LifeSituation

pytestmark = pytest.mark.django_db

URL = "/admin/medborgare/reports/coverage/"


@pytest.fixture
def home():
    return make_home()


@pytest.fixture
def content(home):
    """Two situations and two units, with some of everything, and of nothing."""
    child, house = make_situation("Få barn"), make_situation("Bygga", group="home")
    make_situation("Flytta hit", group="home")
    school, roads = make_unit("Skola"), make_unit("Gator")
    for number in range(3):
        make_service(f"Skolval {number}", unit=school, situations=[child])
    make_service("Bygglov", unit=roads, situations=[house, child])
    make_service("Utan verksamhet", situations=[child])
    make_service("Utkast", unit=school, situations=[child], live=False)
    streets = make_page(home, HomePage, slug="gator", unit=roads)
    streets.life_situations.add(house)
    streets.body = [
        make_notice("Grattis", child),
        make_notice("Inte ni", child, house, mode="except"),
        make_block(
            "variants",
            variants=[
                {
                    "type": "item",
                    "id": "a",
                    "value": {
                        "audience": {"mode": "only", "situations": [house.pk]},
                        "content": {"heading": "Bygga"},
                    },
                }
            ],
            default=[],
        ),
    ]
    streets.save()
    make_page(streets, title="Under gator", situations=[house])
    section = make_page(home, situations=[child], situations_cover_section=True)
    make_page(section, title="Under sektionen")
    make_page(section, title="Också den", situations=[house])
    make_page(home, title="Utkast", situations=[child], live=False)
    return {"child": child, "house": house, "school": school, "roads": roads}


@pytest.fixture
def editor(home):
    return log_in("change_service", "change_lifesituation", on_page=home)


def numbers(client, url=URL):
    """Return the words in each cell: by situation, then by unit."""
    soup = soup_of(client, url)
    table = soup.select_one(".mb-coverage__table")
    heads = [th.get_text(strip=True) for th in table.select("thead th")][1:]
    found = {}
    for line in table.select("tbody tr"):
        cells = line.select("td")
        if cells:
            name = line.select_one("th").get_text(" ", strip=True)
            words = [[*cell.stripped_strings] for cell in cells]
            found[name] = dict(zip(heads, words, strict=True))
    return found


def test_each_cell_says_how_many_services_pages_and_blocks(editor, content):
    found = numbers(editor)

    assert found["Få barn"] == {
        "Skola": ["3 services"],
        "Gator": ["1 service", "1 block"],
        "No unit": ["1 service", "3 pages"],
        "All of these": ["5 services", "3 pages", "1 block"],
    }
    assert found["Bygga"] == {
        "Skola": ["Nothing"],
        "Gator": ["1 service", "2 pages", "1 block"],
        "No unit": ["1 page"],
        "All of these": ["1 service", "3 pages", "1 block"],
    }
    assert set(map(tuple, found["Flytta hit"].values())) == {("Nothing",)}


def test_a_page_without_a_unit_belongs_to_the_unit_of_the_page_above(editor, home):
    roads, bridges, house = make_unit("Gator"), make_unit("Broar"), make_situation("Bo")
    streets = make_page(home, HomePage, slug="gator", unit=roads)
    below = make_page(streets, title="Under", situations=[house])
    make_page(below, title="Längre ned", situations=[house])
    bridge = make_page(below, HomePage, slug="bro", unit=bridges)
    make_page(bridge, title="Under bron", situations=[house])
    make_page(home, title="Bredvid", situations=[house])

    found = numbers(editor)["Bo"]

    assert found["Gator"] == ["2 pages"]
    assert found["Broar"] == ["1 page"]
    assert found["No unit"] == ["1 page"]


def every_number(client, url=URL):
    soup = soup_of(client, url)
    return [
        (int(link.get_text().split()[0]), link["href"])
        for link in soup.select(".mb-coverage__table tbody td a")
    ]


def test_each_number_leads_to_as_many_rows(editor, content):
    found = every_number(editor)

    assert len(found) > 12
    for number, url in found:
        assert len(rows_in(editor, url)) == number, url


def test_each_number_leads_to_as_many_rows_in_each_language_and_unit(
    editor, content, home
):
    finnish = Locale.objects.create(language_code="fi")
    make_service("Suomeksi", locale=finnish, situations=[content["child"]])
    for page in (home, HomePage.objects.get(slug="gator")):
        translated = page.copy_for_translation(finnish)
        translated.save_revision().publish()
    school = content["school"].pk

    assert numbers(editor)["Få barn"]["No unit"] == ["1 service", "3 pages"]
    assert numbers(editor, f"{URL}?locale=fi")["Få barn"]["No unit"] == ["1 service"]
    for query in ("?locale=fi", "?locale=sv", f"?unit={school}&locale=sv"):
        for number, url in every_number(editor, URL + query):
            assert len(rows_in(editor, url)) == number, url
    assert [*numbers(editor, f"{URL}?unit={school}")["Få barn"]] == [
        "Skola",
        "All of these",
    ]


def test_groups_stand_above_their_situations(editor, content):
    text = [
        line.get_text(" ", strip=True)
        for line in soup_of(editor, URL).select(".mb-coverage__table tbody tr th")
    ]

    assert text == ["Family", "Få barn", "Housing", "Bygga", "Flytta hit"]


def test_a_bar_for_each_situation_begins_with_the_shortest(editor, content):
    soup = soup_of(editor, URL)

    assert "Which situations have little to offer?" in soup.get_text()
    lines = [" ".join(item.stripped_strings) for item in soup.select(".mb-bars li")]
    assert lines == ["Flytta hit 0 – little", "Bygga 4", "Få barn 8"]
    assert soup.select_one(".mb-bars svg")["aria-hidden"] == "true"
    assert not soup.select("[style]")


def test_the_exports_hold_the_same_numbers(editor, content):
    rows = csv_of(editor, URL)
    assert rows[0]["Life situation"] == "Få barn"
    # What is for everyone but them is not for them.
    assert rows[0]["Gator: blocks"] == "1"
    assert rows[0]["No unit: pages"] == "3"

    response = editor.get(URL, {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    head, *lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [str(value) for value in lines[0]] == list(rows[0].values())
    assert head == list(rows[0])


def test_who_sees_no_services_is_told_none(home, content):
    client = log_in(on_page=home)

    found = numbers(client)

    assert found["Få barn"]["No unit"] == ["3 pages"]
    assert "service" not in str(found)


def test_who_sees_no_pages_is_told_none(content):
    client = log_in("view_service")

    found = numbers(client)

    assert found["Få barn"]["Skola"] == ["3 services"]
    assert "page" not in str(found)
    assert "block" not in str(found)
    assert (
        client.get("/admin/medborgare/reports/pages-by-situation/").status_code == 302
    )


def test_pages_outside_an_editors_part_of_the_tree_are_not_counted(home, content):
    corner = make_page(home, title="Hörnet", situations=[content["house"]])
    client = log_in(on_page=corner)

    found = every_number(client)

    assert numbers(client)["Bygga"]["No unit"] == ["1 page"]
    for number, url in found:
        assert len(rows_in(client, url)) == number, url


def test_pages_of_another_language_or_part_of_the_tree_are_not_read_for_blocks(home):
    child = make_situation()
    finnish = Locale.objects.create(language_code="fi")
    corner = make_page(home, HomePage, slug="horn")
    for parent, fields in (
        (corner, {}),
        (corner, {"live": False}),
        (corner, {"locale": finnish}),
        (home, {}),
    ):
        make_page(parent, HomePage, body=[make_notice("Till er", child)], **fields)
    log_in(on_page=corner)
    user = get_user_model().objects.get(username="editor")
    read = []

    def note(sender, instance, **kwargs):
        read.append(instance.pk)

    post_init.connect(note, sender=HomePage)
    try:
        blocks = Coverage(user, Locale.get_default()).blocks
    finally:
        post_init.disconnect(note, sender=HomePage)

    assert read == [block.page for block in blocks]
    assert len(blocks) == 1


def test_who_works_with_neither_may_not_read_it(content):
    client = log_in("change_lifesituation")

    assert client.get(URL).status_code == 302
    assert URL not in client.get("/admin/").text


def test_the_report_is_found_in_both_menus(editor):
    assert editor.get("/admin/").text.count(URL) == 2


def test_without_situations_it_says_so(editor):
    text = editor.get(URL).text

    assert "There are no life situations yet." in text


def count_queries(user, locale):
    Coverage(user, locale).count()  # Reads into memory what is kept there.
    with CaptureQueriesContext(connection) as queries:
        Coverage(user, locale).count().total()
    return len(queries)


def test_counting_takes_ten_queries_whatever_the_size(editor, content, home):
    locale = Locale.get_default()

    def user():
        return get_user_model().objects.get(username="editor")

    few = count_queries(user(), locale)
    services = Service.objects.bulk_create(
        Service(name=f"Tjänst {number}", slug=f"t-{number}", locale=locale)
        for number in range(3000)
    )
    TaggedService.objects.bulk_create(
        TaggedService(tag=content["house"], content_object=service)
        for service in services
    )
    for _number in range(5):
        make_page(home, situations=[content["house"]])

    assert few <= 10
    assert count_queries(user(), locale) == few
    assert numbers(editor)["Bygga"]["No unit"] == ["3000 services", "6 pages"]


def test_the_view_takes_as_many_queries_for_many_as_for_few(editor, content):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            editor.get(URL)
        return len(captured)

    queries()
    few = queries()
    for number in range(20):
        make_service(unit=content["school"], situations=[content["child"]])
        make_page(Page.objects.get(slug="start"), situations=[content["house"]])
        make_situation(f"Ny {number}")

    queries()
    assert queries() <= few


def test_the_numbers_of_a_large_site_are_those_of_its_lists():
    site = make_large_site(services=120, pages=100)
    client = log_in("view_service", on_page=HomePage.objects.get(pk=site.home.pk))

    found = every_number(client)

    assert sum(number for number, url in found) > 300
    for number, url in found[:: len(found) // 8]:
        assert len(rows_in(client, url)) == number, url


@pytest.mark.skipif(not LATIN_1.exists(), reason="the real files are not here")
def test_the_imported_services_are_counted(editor, content):
    call_command("medborgare_import_services", LATIN_1, stdout=io.StringIO())
    tag = LifeSituation.objects.get(name="Flytta hit")
    imported = Service.objects.exclude(source="")
    imported.update(live=True)
    TaggedService.objects.bulk_create(
        TaggedService(tag=tag, content_object=service) for service in imported
    )

    ((number, url),) = {
        (number, url)
        for number, url in every_number(editor)
        if f"life_situations={tag.pk}&" in url and "unit" not in urlsplit(url).query
    }

    assert number == imported.count() == 161
    assert len(rows_in(editor, url)) == number
