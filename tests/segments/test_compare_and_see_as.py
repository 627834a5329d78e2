"""Two residents side by side, and the published page as somebody else sees it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import VisitorClient
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import (
    make_home,
    make_notice,
    make_page,
    make_service,
    make_situation,
    make_unit,
    service_form_data,
)
from testapp.models import ArticlePage, HomePage, PlainPage, Poster
from wagtail.test.utils import WagtailTestUtils

from wagtail_medborgare.situations.models import Persona

pytestmark = pytest.mark.django_db

COMPARE = "/admin/medborgare/compare/testapp/homepage/{}/"
SEE_AS = "/admin/medborgare/see-as/{}/"


@pytest.fixture
def child():
    return make_situation("Få barn")


@pytest.fixture
def house():
    return make_situation("Bygga om")


@pytest.fixture
def persona(child, house):
    persona = Persona.objects.create(name="Två barn & ett hus")
    persona.life_situations.set([child, house])
    persona.save()
    return persona


@pytest.fixture
def home(child, house):
    body = [make_notice("Om förskola", child), make_notice("Om bygglov", house)]
    return make_home(body=body)


@pytest.fixture
def editor(log_in, home):
    return log_in("change_service", page=home)


@pytest.fixture
def section(home):
    """A part of the site that somebody else looks after."""
    return make_page(home, HomePage, title="Avdelning")


@pytest.fixture
def editor_of_the_section(log_in, section):
    return log_in(page=section, username="omar")


def soup_of(response):
    assert response.status_code == 200
    return WagtailTestUtils.get_soup(response.text)


def frames(response):
    return [frame["src"] for frame in soup_of(response).select("iframe")]


# --- Compare ---


def test_each_frame_shows_its_own_resident(editor, home, persona, child):
    response = editor.get(
        COMPARE.format(home.pk),
        query_params={"left": f"persona-{persona.pk}", "right": str(child.pk)},
    )

    left, right = (editor.get(address) for address in frames(response))

    assert left["X-Frame-Options"] == "SAMEORIGIN"
    assert "Om förskola" in left.text
    assert "Om bygglov" in left.text
    assert "Om förskola" in right.text
    assert "Om bygglov" not in right.text


def test_each_frame_is_headed_by_a_sentence(editor, home, persona, child):
    response = editor.get(
        COMPARE.format(home.pk), query_params={"left": f"persona-{persona.pk}"}
    )

    first, second = (item.text for item in soup_of(response).select("h2.w-h3"))

    assert "Två barn & ett hus" in first
    assert "Få barn" in first
    assert "Bygga om" in first
    assert "Få barn" not in second


def test_the_pickers_show_who_is_in_the_frames(editor, home, persona, child, house):
    several = f"{child.pk}-{house.pk}"
    response = editor.get(
        COMPARE.format(home.pk),
        query_params={"left": f"persona-{persona.pk}", "right": several},
    )

    picked = [
        option["value"] for option in soup_of(response).select("option[selected]")
    ]

    assert picked == [f"persona-{persona.pk}", several]


@pytest.mark.parametrize("key", ["persona-999999", "x", "1-", '"><script>', "9" * 300])
def test_a_parameter_that_makes_no_sense_is_nobody(editor, home, key):
    response = editor.get(
        COMPARE.format(home.pk), query_params={"left": key, "right": key}
    )

    modes = [parse_qs(urlsplit(item).query)["mode"] for item in frames(response)]

    assert modes == [["~as~"], ["~as~"]]
    assert "<script>" not in str(soup_of(response).select_one("main form"))


def test_the_form_beside_the_preview_compares_what_is_typed(editor, home):
    edit = soup_of(editor.get(f"/admin/pages/{home.pk}/edit/"))
    (link,) = edit.select(".mb-picker__compare a")

    addresses = frames(editor.get(link["href"]))

    assert all(
        item.startswith(f"/admin/pages/{home.pk}/edit/preview/?") for item in addresses
    )


def test_the_menu_of_a_page_compares_what_is_saved(editor, home):
    draft = HomePage.objects.get(pk=home.pk)
    draft.title = "Sparat utkast"
    draft.save_revision()
    edit = soup_of(editor.get(f"/admin/pages/{home.pk}/edit/"))
    links = {item["href"] for item in edit.select("a[href]")}
    assert COMPARE.format(home.pk) in links

    addresses = frames(editor.get(COMPARE.format(home.pk)))

    assert all("Sparat utkast" in editor.get(item).text for item in addresses)


def test_a_service_and_a_unit_are_compared(editor, log_in, persona):
    service, unit = make_service("Förskola"), make_unit("Barn och utbildning")
    other = log_in("change_unit", username="petter")

    for client, kind, thing in (
        (editor, "service", service),
        (other, "unit", unit),
    ):
        path = f"/admin/medborgare/compare/medborgare_services/{kind}/{thing.pk}/"
        for query in ({}, {"left": f"persona-{persona.pk}"}):
            response = client.get(path, query_params=query)
            for address in frames(response):
                assert thing.name in client.get(address).text


def test_a_service_is_compared_as_it_is_typed(editor, child):
    service = make_service("Förskola")
    base = "/admin/snippets/medborgare_services/service"
    (link,) = soup_of(editor.get(f"{base}/edit/{service.pk}/")).select(
        ".mb-picker__compare a"
    )
    typed = service_form_data(name="Sök förskola", slug="forskola")
    path = f"{base}/preview/{service.pk}/"
    assert editor.submit(path, typed).json()["is_valid"]

    addresses = frames(editor.get(link["href"]))

    assert all(item.startswith(f"{path}?") for item in addresses)
    assert all("Sök förskola" in editor.get(item).text for item in addresses)


def test_a_snippet_without_drafts_is_compared_as_it_is_saved(log_in, child):
    poster = Poster.objects.create(text="Sommarlovet")
    client = log_in("change_poster")

    response = client.get(
        f"/admin/medborgare/compare/testapp/poster/{poster.pk}/",
        query_params={"left": str(child.pk)},
    )

    assert [client.get(item).text for item in frames(response)] == [
        "Sommarlovet as Få barn",
        "Sommarlovet as nobody",
    ]


def test_a_persona_who_has_chosen_nothing_is_still_somebody(editor, home, child):
    persona = Persona.objects.create(name="Nyinflyttad")
    persona.life_situations.set([child])
    persona.save()
    child.delete()

    response = editor.get(
        COMPARE.format(home.pk), query_params={"left": f"persona-{persona.pk}"}
    )

    first, second = (item.text for item in soup_of(response).select("h2.w-h3"))
    assert first == "Nyinflyttad, som inte har valt något."
    assert second == "En besökare som inte har valt något."


def test_comparing_asks_the_same_number_of_queries_for_many(
    editor, home, child, django_assert_max_num_queries
):
    editor.get(COMPARE.format(home.pk))
    with CaptureQueriesContext(connection) as few:
        editor.get(COMPARE.format(home.pk))
    for number in range(15):
        another = Persona.objects.create(name=f"Person {number}")
        another.life_situations.set([child])
        another.save()

    with django_assert_max_num_queries(len(few)):
        editor.get(COMPARE.format(home.pk))


# --- Who may ---


def paths(page):
    return [
        COMPARE.format(page.pk),
        COMPARE.format(page.pk) + "saved/",
        SEE_AS.format(page.pk),
        SEE_AS.format(page.pk) + "?as=",
    ]


def test_only_those_who_may_edit_a_page_preview_it(
    home, section, editor, editor_of_the_section, log_in
):
    nowhere = log_in(username="petter")
    for page, may, may_not in (
        (home, [editor], [editor_of_the_section, nowhere, VisitorClient()]),
        (section, [editor, editor_of_the_section], [nowhere, VisitorClient()]),
    ):
        for path in paths(page):
            for client in may:
                assert client.get(path).status_code == 200, path
            for client in may_not:
                refused = client.get(path)
                assert refused.status_code == 302
                assert refused["Location"].split("?")[0] in {"/admin/", "/admin/login/"}


def test_only_those_who_may_change_a_service_preview_it(editor, log_in):
    service = make_service("Förskola")
    looker = log_in("view_service", username="petter")
    for end in ("", "saved/"):
        path = (
            f"/admin/medborgare/compare/medborgare_services/service/{service.pk}/{end}"
        )
        assert editor.get(path).status_code == 200
        assert looker.get(path).status_code == 302
        assert VisitorClient().get(path).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "compare/testapp/homepage/999999/", "compare/testapp/homepage/x/",
        "compare/testapp/articlepage/{home}/", "compare/wagtailcore/page/{home}/",
        "compare/auth/user/1/", "compare/medborgare_situations/persona/1/",
        "compare/medborgare_situations/lifesituation/1/", "compare/nothing/here/1/",
        "compare/medborgare_services/service/x/saved/", "see-as/999999/",
    ],
)  # fmt: skip
def test_what_has_no_preview_or_is_not_there_is_not_found(admin_client, home, path):
    assert (
        admin_client.get(f"/admin/medborgare/{path.format(home=home.pk)}").status_code
        == 404
    )


def test_a_page_without_previews_is_not_offered_any(editor, home, monkeypatch):
    page = make_page(home, PlainPage)
    path = f"/admin/medborgare/compare/testapp/plainpage/{page.pk}/"
    assert editor.get(path).status_code == 200
    monkeypatch.setattr(PlainPage, "preview_modes", [], raising=False)

    assert editor.get(path).status_code == 404
    assert editor.get(SEE_AS.format(page.pk)).status_code == 404
    assert path not in editor.get(f"/admin/pages/{page.pk}/edit/").text


def test_the_link_is_not_offered_to_those_who_may_not(
    editor_of_the_section, home, section
):
    explorer = editor_of_the_section.get(f"/admin/pages/{home.pk}/").text

    assert COMPARE.format(home.pk) not in explorer
    assert COMPARE.format(section.pk) in (
        editor_of_the_section.get(f"/admin/pages/{section.pk}/").text
    )


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_views_only_show(editor, home, method):
    for path in paths(home):
        assert getattr(editor, method)(path, secure=True).status_code == 405


# --- See this page as ---


def test_the_published_page_is_seen_as_a_persona(editor, home, persona):
    draft = HomePage.objects.get(pk=home.pk)
    draft.title = "Bara ett utkast"
    draft.save_revision()

    response = editor.get(
        SEE_AS.format(home.pk), query_params={"as": f"persona-{persona.pk}"}
    )

    assert "Om förskola" in response.text
    assert "Bara ett utkast" not in response.text
    assert not response.cookies
    assert "private" in response["Cache-Control"]


def test_a_page_that_is_not_published_is_not_seen(editor, home):
    page = make_page(home, ArticlePage, live=False)

    assert editor.get(SEE_AS.format(page.pk)).status_code == 404


def userbar(response):
    # A template's content is no part of the document: look into it as if it were.
    html = response.text.replace("<template", "<section").replace(
        "/template", "/section"
    )
    bar = WagtailTestUtils.get_soup(html).select_one("#wagtail-userbar-template")
    return {
        " ".join(item.text.split()): [link.get("href") for link in item.select("a")]
        for item in bar.select("li")
    }


def texts_and_links(response):
    items = userbar(response)
    return " | ".join(items), [link for links in items.values() for link in links]


def test_the_userbar_leads_to_the_list_and_back(editor, home, persona):
    _, links = texts_and_links(editor.get("/"))
    pick = SEE_AS.format(home.pk)
    assert f"//testserver{pick}" in links
    assert any(
        "Få barn" in item.text for item in soup_of(editor.get(pick)).select("option")
    )

    text, links = texts_and_links(
        editor.get(SEE_AS.format(home.pk), query_params={"as": f"persona-{persona.pk}"})
    )

    assert "Två barn & ett hus" in text
    assert {"/", pick} <= {link.removeprefix("//testserver") for link in links}
    assert "medborgare_segments/see_as.js" in editor.get(f"{pick}?as=").text


def test_the_userbar_names_several_situations(editor, home, child, house):
    text, _ = texts_and_links(
        editor.get(
            SEE_AS.format(home.pk), query_params={"as": f"{child.pk}-{house.pk}"}
        )
    )

    assert "Få barn" in text
    assert "Bygga om" in text


def test_names_are_escaped_in_the_userbar(editor, home, child):
    persona = Persona.objects.create(name='<img src=x onerror="a()">')

    response = editor.get(
        SEE_AS.format(home.pk), query_params={"as": f"persona-{persona.pk}"}
    )

    assert "<img src=x" not in response.text
    assert "&lt;img src=x" in response.text


def test_the_userbar_offers_nothing_to_those_who_may_not_edit(
    editor_of_the_section, home
):
    response = editor_of_the_section.get("/")

    assert "wagtail-userbar-template" in response.text
    assert "/admin/medborgare/" not in response.text


def test_a_visitor_gets_the_same_page_as_ever(visitor, other_visitor, home, persona):
    page = make_page(home, ArticlePage, slug="artikel")
    first, second = visitor.get("/artikel/"), other_visitor.get("/artikel/")

    assert page.title in first.text
    assert first.content == second.content
    assert "Cache-Control" not in first
    assert "medborgare/see-as" not in first.text
    assert not first.cookies


def test_a_preview_in_a_tab_of_its_own_says_as_whom(editor, home, persona):
    response = editor.get(
        f"/admin/pages/{home.pk}/view_draft/",
        query_params={"mode": f"~as~persona-{persona.pk}"},
    )
    text, links = texts_and_links(response)

    assert "Två barn & ett hus" in text
    assert not any("/admin/medborgare/" in link for link in links if link)
