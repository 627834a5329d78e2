"""An editor previews anything as anybody but themselves."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from factories import (
    make_home,
    make_my_services,
    make_notice,
    make_page,
    make_service,
    make_situation,
    service_form_data,
)
from testapp.models import PlainPage
from wagtail.test.utils import WagtailTestUtils
from wagtail.test.utils.form_data import querydict_from_html
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import UserIsLoggedInRule

from wagtail_medborgare.segments.previewing.modes import split_mode, with_key
from wagtail_medborgare.segments.previewing.requests import mend_previews
from wagtail_medborgare.services.models import Service
from wagtail_medborgare.situations.models import Persona

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    return make_situation("Få barn", group="family")


@pytest.fixture
def house():
    return make_situation("Bygga om", group="home")


@pytest.fixture
def debt():
    return make_situation("Ha skulder", is_sensitive=True)


@pytest.fixture
def persona(child, house):
    persona = Persona.objects.create(name="Två barn och ett hus")
    persona.life_situations.set([child, house])
    persona.save()
    return persona


@pytest.fixture
def home(child, house, debt):
    return make_home(
        body=[
            make_notice("Om förskola", child),
            make_notice("Om bygglov", house),
            make_notice("Om budget", debt),
            make_notice("Inte för föräldrar", child, mode="except"),
        ]
    )


@pytest.fixture
def editor(log_in, home):
    return log_in("add_service", "change_service", page=home)


def preview(editor, page, mode, view="view_draft"):
    response = editor.get(
        f"/admin/pages/{page.pk}/{view}/", query_params={"mode": mode}
    )
    assert response.status_code == 200
    return response


def form_of(editor, path, form_id):
    form = querydict_from_html(editor.get(path).text, form_id=form_id)
    return dict(form.lists())


def block_form(field, text, *situations):
    """Return what a form sends for one notice."""
    return {
        f"{field}-count": "1",
        f"{field}-0-deleted": "",
        f"{field}-0-order": "0",
        f"{field}-0-type": "notice",
        f"{field}-0-id": "",
        f"{field}-0-value-text": text,
        f"{field}-0-value-audience-mode": "only",
        f"{field}-0-value-audience-situations": [str(item.pk) for item in situations],
    }


# --- As whom ---


def test_a_page_is_previewed_as_one_situation(editor, home, child):
    text = preview(editor, home, f"~as~{child.pk}").text

    assert "Om förskola" in text
    assert "Om bygglov" not in text
    assert "Inte för föräldrar" not in text


def test_a_page_is_previewed_as_several_at_once(editor, home, child, house):
    text = preview(editor, home, f"~as~{child.pk}-{house.pk}").text

    assert "Om förskola" in text
    assert "Om bygglov" in text
    assert "Om budget" not in text


def test_a_page_is_previewed_as_a_persona(editor, home, persona):
    text = preview(editor, home, f"~as~persona-{persona.pk}").text

    assert "Om förskola" in text
    assert "Om bygglov" in text
    assert "Inte för föräldrar" not in text


def test_a_page_is_previewed_as_nobody(editor, home):
    text = preview(editor, home, "~as~").text

    assert "Om förskola" not in text
    assert "Inte för föräldrar" in text


def test_a_sensitive_situation_is_previewed_too(editor, home, debt):
    assert "Om budget" in preview(editor, home, f"~as~{debt.pk}").text


def test_what_is_typed_and_not_saved_is_previewed(editor, home, child):
    base = f"/admin/pages/{home.pk}/edit/"
    form = form_of(editor, base, "page-edit-form")
    form |= block_form("body", "Nytt om förskola", child)
    assert editor.submit(f"{base}preview/", form).json()["is_valid"]

    text = preview(editor, home, f"~as~{child.pk}", "edit/preview").text

    assert "Nytt om förskola" in text
    assert "Nytt" not in preview(editor, home, "~as~", "edit/preview").text
    assert "Nytt" not in preview(editor, home, f"~as~{child.pk}").text


def test_a_new_page_is_previewed_before_it_is_saved(editor, home, child):
    base = f"/admin/pages/add/testapp/homepage/{home.pk}/"
    form = form_of(editor, base, "page-edit-form")
    form["title"] = "Ny sida"
    form |= block_form("body", "Bara till föräldrar", child)
    assert editor.submit(f"{base}preview/", form).json()["is_valid"]

    for mode, is_shown in ((f"~as~{child.pk}", True), ("~as~", False), ("", False)):
        response = editor.get(f"{base}preview/", query_params={"mode": mode})
        assert "<h1>Ny sida</h1>" in response.text
        assert ("Bara till föräldrar" in response.text) is is_shown


def test_a_page_that_knows_nothing_of_us_is_previewed_as_it_is(editor, home, persona):
    plain = make_page(home, PlainPage, body=[("text", "Öppettider")])

    assert "Öppettider" in preview(editor, plain, f"~as~persona-{persona.pk}").text


def test_my_services_shows_the_services_of_a_persona(
    editor, home, persona, child, debt
):
    make_service("Ansök om förskola", situations=[child])
    make_service("Budgetrådgivning", situations=[debt])
    page = make_my_services(home)

    text = preview(editor, page, f"~as~persona-{persona.pk}").text

    assert "Ansök om förskola" in text
    assert "Budgetrådgivning" not in text
    assert "Ansök om förskola" not in preview(editor, page, "~as~").text


def test_a_service_is_previewed_as_residents_meet_it(editor, home, persona):
    service = make_service("Ansök om förskola", summary="Senast i januari")
    path = f"/admin/snippets/medborgare_services/service/preview/{service.pk}/"
    form = service_form_data(name="Sök förskola", slug="forskola")
    assert editor.submit(path, form).json()["is_valid"]

    response = editor.get(path, query_params={"mode": f"~as~persona-{persona.pk}"})

    assert response.status_code == 200
    assert "<h1>Sök förskola</h1>" in response.text
    assert Service.objects.get().name == "Ansök om förskola"


@pytest.mark.parametrize(
    "key",
    ["persona-999999", "999999", "999999-999998", "x", "persona-", "persona-x", "-",
     "1--2", "01", "²", "persona-1-2", "1" * 400, "1;2", " 1", "~as~", "<script>"],
)  # fmt: skip
def test_what_names_nobody_is_nobody_and_never_an_error(editor, home, key):
    text = preview(editor, home, f"~as~{key}").text

    assert "Inte för föräldrar" in text
    for notice in ("Om förskola", "Om bygglov", "Om budget"):
        assert notice not in text


def test_a_deleted_situation_leaves_the_others(editor, home, child, house):
    mode = f"~as~{child.pk}-{house.pk}"
    child.delete()

    text = preview(editor, home, mode).text

    assert "Om bygglov" in text


def test_a_situation_that_is_not_active_is_as_good_as_not_chosen(
    editor, home, persona, child
):
    child.is_active = False
    child.save()

    text = preview(editor, home, f"~as~persona-{persona.pk}").text

    assert "Om förskola" not in text
    assert "Om bygglov" in text


def test_mending_previews_again_forgets_nobody(editor, home, child):
    mend_previews()

    assert "Om förskola" in preview(editor, home, f"~as~{child.pk}").text


# --- Never as the editor ---


def test_what_the_editor_has_chosen_never_shows_in_a_preview(
    editor, home, child, house
):
    editor.choose(child)
    assert "Om förskola" in editor.get("/").text

    for mode in ("", "~as~", f"~as~{house.pk}"):
        assert "Om förskola" not in preview(editor, home, mode).text


def test_a_preview_changes_nothing_for_the_editor(editor, home, child, house):
    editor.choose(child)
    before = {name: item.value for name, item in editor.cookies.items()}

    response = preview(editor, home, f"~as~{house.pk}")

    assert {name: item.value for name, item in editor.cookies.items()} == before
    assert not response.cookies
    assert "Om bygglov" not in editor.get("/").text


def test_rules_of_a_segment_do_not_see_the_editors_login(editor, home):
    segment = Segment.objects.create(name="Inloggade", status="enabled")
    UserIsLoggedInRule.objects.create(segment=segment, is_logged_in=True)
    home.body = [make_notice("För inloggade", segments=[segment])]
    home.save_revision().publish()
    assert "För inloggade" in editor.get("/").text

    assert "För inloggade" not in preview(editor, home, "~as~").text


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_visitor_cannot_ask_to_be_shown_as_somebody(home, visitor, child, language):
    for name in ("mode", "preview_as", "as", "preview_mode", "in_preview_panel"):
        query = {name: f"~as~{child.pk}"}
        visitor.cookies[name] = f"~as~{child.pk}"
        headers = {name: f"~as~{child.pk}", "Accept-Language": language}
        response = visitor.get("/", query_params=query, headers=headers)
        assert "Om förskola" not in response.text


# --- With Wagtail's own modes, and wherever Wagtail carries a mode ---


@pytest.fixture
def thanking(monkeypatch):
    """The plain page as a form would be: with a mode of its own for the answer."""

    def serve_preview(self, request, mode_name):
        return HttpResponse(f"mode={mode_name!r} {request.preview_mode!r}")

    modes = [("form", "Formulär"), ("thanks", "Tack")]
    monkeypatch.setattr(PlainPage, "preview_modes", modes, raising=False)
    monkeypatch.setattr(PlainPage, "serve_preview", serve_preview)


def test_a_pages_own_modes_go_on_working(editor, home, thanking, persona):
    page = make_page(home, PlainPage)

    for mode in ("thanks", f"thanks~as~persona-{persona.pk}", "thanks~as~rubbish"):
        assert preview(editor, page, mode).text == "mode='thanks' 'thanks'"


def test_the_panel_offers_own_modes_beside_whom(editor, home, thanking):
    page = make_page(home, PlainPage)

    soup = WagtailTestUtils.get_soup(editor.get(f"/admin/pages/{page.pk}/edit/").text)

    own = soup.select("#id_preview_mode option")
    assert [option["value"] for option in own] == ["form", "thanks"]
    first = soup.select_one("#id_medborgare_preview_as option")
    assert first["value"] == "form~as~"
    assert len(soup.select("[data-w-preview-target=mode]")) == 1


@pytest.mark.parametrize(
    ("mode", "own", "key"),
    [
        (None, None, ""), ("", "", ""), ("thanks", "thanks", ""),
        ("~as~", "", ""), ("~as~persona-3", "", "persona-3"),
        ("thanks~as~7-4-7", "thanks", "4-7"), ("a~as~b~as~4", "a~as~b", "4"),
        ("~as~persona-03", "", ""), ("~as~4-", "", ""),
    ],
)  # fmt: skip
def test_a_mode_is_read_strictly(mode, own, key):
    assert split_mode(mode) == (own, key)


def test_what_is_written_is_read_back():
    assert split_mode(with_key("thanks", "4-7")) == ("thanks", "4-7")


def test_a_draft_and_a_revision_are_shown_as_somebody_too(editor, home, child):
    home.save_revision()
    revision = home.latest_revision
    for view in ("view_draft", f"revisions/{revision.pk}/view"):
        assert "Om förskola" in preview(editor, home, f"~as~{child.pk}", view).text
        assert "Om förskola" not in preview(editor, home, "~as~", view).text


# --- Beside the form ---


def options(response):
    soup = WagtailTestUtils.get_soup(response.text)
    return {
        option.text.strip(): option["value"]
        for option in soup.select("#id_medborgare_preview_as option")
    }


@pytest.mark.parametrize("kind", ["edit", "create"])
def test_the_panel_of_a_page_lists_personas_and_situations(
    editor, home, persona, child, kind
):
    path = {
        "edit": f"/admin/pages/{home.pk}/edit/",
        "create": f"/admin/pages/add/testapp/articlepage/{home.pk}/",
    }[kind]

    found = options(editor.get(path))

    assert found["Två barn och ett hus"] == f"~as~persona-{persona.pk}"
    assert found["Få barn"] == f"~as~{child.pk}"


def test_the_panel_of_a_service_is_the_same(editor, home, persona):
    service = make_service("Förskola")
    base = "/admin/snippets/medborgare_services/service/"

    for path in (f"{base}edit/{service.pk}/", f"{base}add/"):
        assert "Två barn och ett hus" in options(editor.get(path))


def test_the_panel_escapes_names(editor, home):
    Persona.objects.create(name="<b>Fet</b>")

    text = editor.get(f"/admin/pages/{home.pk}/edit/").text

    assert "<b>Fet</b>" not in text
    assert "&lt;b&gt;Fet&lt;/b&gt;" in text


def test_more_personas_cost_no_more_queries(
    editor, home, persona, child, django_assert_max_num_queries
):
    path = f"/admin/pages/{home.pk}/edit/"
    editor.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        editor.get(path)
    for number in range(20):
        another = Persona.objects.create(name=f"Person {number}")
        another.life_situations.set([child])
        another.save()

    with django_assert_max_num_queries(len(few)):
        editor.get(path)


# --- The page cache ---


def test_a_preview_is_never_stored_nor_read_from_the_cache(
    editor, home, visitor, child, settings
):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_SECONDS = 600
    visitor.get("/")

    response = preview(editor, home, f"~as~{child.pk}")

    assert "Om förskola" in response.text
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    assert "Om förskola" not in visitor.get("/").text
    visitor.choose(child)
    assert "Om förskola" in visitor.get("/").text


def test_a_plain_page_in_a_preview_is_private_too(editor, home):
    plain = make_page(home, PlainPage)

    assert "private" in preview(editor, plain, "~as~")["Cache-Control"]
