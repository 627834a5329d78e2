"""Our rooms add panels beside the forms of pages and snippets."""

from __future__ import annotations

import pytest
from django.utils.html import format_html
from factories import make_home, make_service
from wagtail.admin.ui.side_panels import BaseSidePanel, PreviewSidePanel
from wagtail.test.utils import WagtailTestUtils
from wagtail.test.utils.form_data import querydict_from_html

from wagtail_medborgare.segments import side_panels
from wagtail_medborgare.segments.previewing.panel import PreviewAsSidePanel

pytestmark = pytest.mark.django_db

SERVICES = "/admin/snippets/medborgare_services/service/"


class KeyPanel(BaseSidePanel):
    """Tells what it was made of."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Toggle key"
        icon_name = "key"

    name = "key"
    title = "Key"
    template_name = "unused.html"

    def render_html(self, parent_context=None):
        return format_html(
            "<p class='key'>{}: {}</p>", self.model.__name__, self.object.pk
        )


@pytest.fixture(autouse=True)
def _own_list(monkeypatch):
    monkeypatch.setattr(side_panels, "_factories", [])


@pytest.fixture
def home():
    return make_home()


def keys(client, path):
    response = client.get(path)
    assert response.status_code == 200
    soup = WagtailTestUtils.get_soup(response.text)
    return [item.text for item in soup.select("[data-side-panel=key] .key")]


def test_a_panel_stands_beside_pages_and_services(admin_client, home):
    service = make_service()
    side_panels.register_side_panel(KeyPanel)

    assert keys(admin_client, f"/admin/pages/{home.pk}/edit/") == [
        f"HomePage: {home.pk}"
    ]
    assert keys(admin_client, f"{SERVICES}edit/{service.pk}/") == [
        f"Service: {service.pk}"
    ]


def test_a_panel_stands_beside_what_is_not_yet_saved(admin_client, home):
    side_panels.register_side_panel(KeyPanel)

    for path in (f"/admin/pages/add/testapp/articlepage/{home.pk}/", f"{SERVICES}add/"):
        (text,) = keys(admin_client, path)
        assert text.endswith(": None")


def test_a_panel_registered_twice_stands_once(admin_client, home):
    side_panels.register_side_panel(KeyPanel)
    side_panels.register_side_panel(KeyPanel)

    assert len(keys(admin_client, f"/admin/pages/{home.pk}/edit/")) == 1


def test_an_autosave_is_answered_without_our_panels(admin_client, home):
    made = []
    side_panels.register_side_panel(lambda instance, request: made.append(instance))
    path = f"/admin/pages/{home.pk}/edit/"
    html = admin_client.get(path).text
    form = querydict_from_html(html, form_id="page-edit-form").copy()
    form["body-count"] = "0"  # The script of the form counts the blocks.
    made.clear()

    answer = admin_client.post(path, form, headers={"Accept": "application/json"})

    assert answer.json()["success"]
    assert made == []


def test_a_factory_may_have_nothing_to_say(admin_client, home):
    side_panels.register_side_panel(lambda instance, request: None)

    assert keys(admin_client, f"/admin/pages/{home.pk}/edit/") == []


def test_mending_again_changes_nothing(admin_client, home):
    side_panels.register_side_panel(KeyPanel)
    side_panels.mend_page_views()

    assert len(keys(admin_client, f"/admin/pages/{home.pk}/edit/")) == 1


def test_only_wagtails_own_preview_is_replaced(rf, home):
    class SitesOwn(PreviewSidePanel):
        pass

    def replaced(panel_class):
        panel = panel_class(home, rf.get("/"), preview_url="/x/")
        return side_panels._replaced(panel)

    assert type(replaced(PreviewSidePanel)) is PreviewAsSidePanel
    assert type(replaced(SitesOwn)) is SitesOwn
