"""The reports of what is missing: filters, exports, empty states, permissions."""

from __future__ import annotations

import csv
import datetime
import io
import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import (
    make_editor,
    make_home,
    make_notice,
    make_page,
    make_service,
    make_situation,
    make_unit,
)
from openpyxl import load_workbook
from services.reporters import csv_of, log_in, rows_in, soup_of
from testapp.models import HomePage, PlainPage
from wagtail.models import Page

from wagtail_medborgare.core.exports import PlainExportMixin
from wagtail_medborgare.services.models import Service
from wagtail_medborgare.services.reports.urls import REPORTS

pytestmark = pytest.mark.django_db

URL = "/admin/medborgare/reports"


@pytest.fixture
def home():
    return make_home()


@pytest.fixture
def editor(home):
    return log_in("change_service", "change_lifesituation", on_page=home)


def titles_in(client, slug, query=""):
    soup = soup_of(client, f"{URL}/{slug}/{query}")
    return [item.get_text(strip=True) for item in soup.select("tbody td.title")]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.slug)
def test_each_report_opens_and_says_when_there_is_nothing(editor, home, report):
    response = editor.get(report.address())

    assert response.status_code == 200
    assert str(report.question) or report.nothing_found
    assert editor.get(f"{report.address()}results/").status_code == 200
    for export in ("csv", "xlsx"):
        assert editor.get(report.address(), {"export": export}).status_code == 200


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.slug)
def test_no_report_is_open_to_who_works_with_neither(home, report):
    client = log_in("change_lifesituation")

    assert client.get(report.address()).status_code == 302
    assert client.get(report.address(), {"export": "csv"}).status_code == 302
    assert report.address() not in client.get("/admin/").text


def test_a_situation_without_content_is_listed_until_it_has_some(editor):
    empty, full = make_situation("Tom"), make_situation("Full")
    make_situation("Vilande", is_active=False)
    make_service(situations=[full])

    assert titles_in(editor, "empty-situations") == ["Tom"]

    make_service(situations=[empty])
    text = editor.get(f"{URL}/empty-situations/").text
    assert "There is something for every life situation." in text


def test_services_without_a_situation_can_be_narrowed_to_a_unit(editor):
    school, roads = make_unit("Skola"), make_unit("Gator")
    make_service("Skolval", unit=school)
    make_service("Vägar", unit=roads)
    make_service("Utkast", live=False)
    make_service("Med", situations=[make_situation()])

    assert titles_in(editor, "services-without-situation") == ["Vägar", "Skolval"]
    found = titles_in(editor, "services-without-situation", f"?unit={school.pk}")
    assert found == ["Skolval"]


def test_pages_without_a_situation_are_those_that_could_have_one(editor, home):
    child = make_situation()
    section = make_page(
        home, title="Sektion", situations=[child], situations_cover_section=True
    )
    make_page(section, title="Under")
    make_page(home, title="Utan")
    make_page(home, PlainPage, title="Kan inte")

    assert titles_in(editor, "pages-without-situation") == ["Start", "Utan"]


UNIT_REPORTS = ["pages-by-situation", "pages-without-situation", "stale-content"]


@pytest.mark.parametrize("slug", UNIT_REPORTS)
def test_a_page_below_a_units_section_is_listed_under_the_unit(editor, home, slug):
    school, old = make_unit("Skola"), timezone.now() - days(900)
    tags = [make_situation()] if slug == "pages-by-situation" else []
    section = make_page(home, HomePage, title="Skolan", unit=school)
    for parent, title in ((section, "Under"), (home, "Bredvid")):
        make_page(parent, title=title, situations=tags, last_published_at=old)

    rows = csv_of(editor, f"{URL}/{slug}/")
    units = {next(iter(row.values())): row["Unit"] for row in rows}

    assert (units["Under"], units["Bredvid"]) == ("Skola", "")
    assert "Under" in titles_in(editor, slug, f"?unit={school.pk}")
    assert "Bredvid" in titles_in(editor, slug, "?unit=0")
    assert "Under" not in titles_in(editor, slug, "?unit=0")


def days(number):
    return datetime.timedelta(days=number)


def test_what_is_old_or_past_its_day_is_grouped_by_unit_and_person(editor, home):
    today, now = timezone.localdate(), timezone.now()
    school = make_unit("Skola")
    anna = make_editor("anna", is_superuser=False)
    make_service("Passerad", unit=school, responsible=anna, review_by=today - days(1))
    make_service("Kommande", unit=school, review_by=today + days(20))
    make_service("Gammal", unit=school, last_published_at=now - days(400))
    make_service("Färsk", unit=school, last_published_at=now - days(300))
    make_service(
        "Gammal men lovad",
        review_by=today + days(9),
        last_published_at=now - days(900),
    )
    make_page(home, title="Gammal sida", last_published_at=now - days(500))
    home.unit, home.review_by = school, today - days(3)
    home.save()

    rows = csv_of(editor, f"{URL}/stale-content/")

    assert [(row["Title"], row["Unit"], row["Who looks after it"]) for row in rows] == [
        ("Gammal", "Skola", ""),
        ("Gammal sida", "Skola", ""),
        ("Start", "Skola", ""),
        ("Passerad", "Skola", "anna"),
    ]
    assert rows[3]["Why"] == f"to look through by {(today - days(1)).isoformat()}"


def test_the_site_says_how_old_is_old(editor, settings):
    make_service("Ett år", last_published_at=timezone.now() - days(200))
    assert not titles_in(editor, "stale-content")

    settings.WAGTAIL_MEDBORGARE_REVIEW_MONTHS = 6

    assert titles_in(editor, "stale-content") == ["Ett år"]


def test_blocks_that_nobody_sees_are_listed_with_the_reason(editor, home):
    resting = make_situation("Vilande", is_active=False)
    gone, here = make_situation("Borta"), make_situation("Kvar")
    home.body = [
        make_notice("A", resting),
        make_notice("B", resting, here),
        make_notice("C", resting, mode="except"),
        make_notice("D", gone),
    ]
    home.save()
    gone.delete()

    rows = csv_of(editor, f"{URL}/unseen-blocks/")

    assert [row["Why"] for row in rows] == [
        "Shown to nobody: residents cannot choose Vilande",
        "Shown to nobody: what it was made for has been deleted or switched off",
    ]
    assert [row["Block"] for row in rows] == ["Notice: A", "Notice: D"]
    assert {row["Page"] for row in rows} == {"Start"}


def test_services_gone_from_their_feed_are_listed(editor):
    make_service("Här")
    make_service("Borta", source="kommunen", left_feed_at=timezone.now())

    assert titles_in(editor, "left-feed") == ["Borta"]


def test_a_line_links_only_where_the_editor_may_go(home):
    make_service("Utan situation")
    reader = log_in("view_service")
    writer = log_in("change_service", username="writer")
    url = f"{URL}/services-without-situation/"
    edit = (
        f"/admin/snippets/medborgare_services/service/edit/{Service.objects.get().pk}/"
    )

    assert edit in writer.get(url).text
    assert "Utan situation" in reader.get(url).text
    assert edit not in reader.get(url).text


@pytest.mark.parametrize(
    "slug", ["pages-by-situation", "stale-content", "services-without-situation"]
)
def test_a_report_takes_as_many_queries_for_many_rows_as_for_few(editor, home, slug):
    old = timezone.now() - days(900)

    def add(number):
        for _number in range(number):
            make_service(last_published_at=old)
            make_page(Page.objects.get(pk=home.pk), last_published_at=old)

    def queries():
        editor.get(f"{URL}/{slug}/")
        with CaptureQueriesContext(connection) as captured:
            editor.get(f"{URL}/{slug}/")
        return len(captured)

    add(2)
    few = queries()
    add(20)

    assert queries() <= few


# Exports.

BEGINNINGS = ["=", "+", "-", "@", "\t", "\r", "\0", "|", "＝", "＋", "－", "＠", "｜"]
BEFORE = ["", " ", "\n", ";", ",", "\t", 'a"', "a;", "a,", "a\n", "a\r\n", "a\t", " ;"]
AFTER = ["1+1", "cmd|' /C calc'!A0", "SUM(A1)", 'HYPERLINK("http://e")']


class _Line:
    def __init__(self, cell):
        self.cell = cell


class _Export(PlainExportMixin):
    list_export = ["cell"]
    export_headings = {"cell": "=HEADING()"}

    def get_preprocess_function(self, field, value, export_format):
        return str


def hostile_cells():
    pairs = [
        f"{before}{beginning}{after}"
        for before, beginning, after in itertools.product(BEFORE, BEGINNINGS, AFTER)
    ]
    return list(itertools.islice(itertools.cycle(pairs), 10_000))


def is_formula(cell):
    return str(cell).lstrip(' "\n\r\t\0')[:1] in set("=+-@|＝＋－＠｜")


def test_no_cell_of_ten_thousand_is_a_formula_in_a_text_file():
    export, cells = _Export(), hostile_cells()
    text = b"".join(export.stream_csv([_Line(cell) for cell in cells])).decode()

    for delimiter in ",;\t":
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        read = [cell for row in rows for cell in row]
        assert len(read) >= 10_001
        assert not [cell for cell in read if is_formula(cell)][:5]
    # A program that knows nothing of quotation marks cuts at each separator.
    for line in text.splitlines():
        for cell in line.replace('"', "").replace(";", ",").split(","):
            assert not is_formula(cell), line


def test_no_cell_of_ten_thousand_is_a_formula_in_a_workbook():
    export, output = _Export(), io.BytesIO()
    export.write_xlsx([_Line(cell) for cell in hostile_cells()], output)

    output.seek(0)
    cells = [row[0] for row in load_workbook(output).active.iter_rows()]

    assert len(cells) == 10_001
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if is_formula(cell.value)][:5]


def test_ordinary_words_and_numbers_are_left_alone():
    from wagtail_medborgare.core.exports import plain_cell

    for value in ("Ansök om bygglov", "08-123 45", "a-b", "1 + 1", "e@post.se", -5):
        assert plain_cell(value) == value


def test_the_list_of_services_and_the_reports_guard_their_exports(editor):
    make_service("=cmd|'/C calc'!A0", unit=make_unit("@SUM(1)"))
    listing = "/admin/snippets/medborgare_services/service/"

    for url in (listing, f"{URL}/services-without-situation/"):
        response = editor.get(url, {"export": "csv"})
        text = b"".join(response.streaming_content).decode()
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert "'=cmd|'/C calc'!A0" in cells
        assert "'@SUM(1)" in cells


def test_a_large_report_is_shown_page_by_page(editor):
    for number in range(60):
        make_service(f"Tjänst {number:02}")

    assert len(rows_in(editor, f"{URL}/services-without-situation/")) == 60
