"""The panel “Who sees this”: what it tells, to whom, and that asking writes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import make_editor, make_home, make_notice, make_page, make_situation
from security.digest import database_digest
from testapp.models import ArticlePage, Banner, HomePage, PlainPage
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import nested_form_data, streamfield
from wagtail.users.models import UserProfile

pytestmark = pytest.mark.django_db

ENDPOINT = "/admin/medborgare/who-sees"


@pytest.fixture
def home() -> Any:
    return make_home()


@pytest.fixture
def child() -> Any:
    return make_situation("Having a child")


@pytest.fixture
def make_client(home: Any) -> Any:
    """Log in somebody who may do these things with the pages below one."""

    def log_in(
        *actions: str,
        below: Page = home,
        name: str = "editor",
        others: tuple[str, ...] = (),
    ) -> Client:
        user = make_editor(name, is_superuser=False)
        group = Group.objects.create(name=name)
        names = ["access_admin", *others]
        group.permissions.set(Permission.objects.filter(codename__in=names))
        for action in actions:
            permission = Permission.objects.get(
                codename=f"{action}_page", content_type__app_label="wagtailcore"
            )
            GroupPagePermission.objects.create(
                group=group, page=below, permission=permission
            )
        user.groups.add(group)
        UserProfile.objects.create(user=user, preferred_language="en")
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def editor(make_client: Any) -> Client:
    return make_client("change", "add")


def notice(text: str, *situations: Any, mode: str = "only") -> tuple[str, Any]:
    """Return a block as the form sends it."""
    chosen = [str(item.pk) for item in situations]
    return "notice", {
        "text": text,
        "audience": {"mode": mode, "situations": chosen, "segments": []},
    }


def form_data(title: str, *blocks: tuple[str, Any]) -> dict[str, Any]:
    """Return what the page form sends; ticked boxes go as lists."""
    data: dict[str, Any] = nested_form_data({"body": streamfield(list(blocks))})
    for number, (_kind, value) in enumerate(blocks):
        prefix = f"body-{number}-value-audience-situations"
        data = {
            name: item for name, item in data.items() if not name.startswith(prefix)
        }
        data[prefix] = value["audience"]["situations"]
        data[f"body-{number}-id"] = f"block-{number}"
    return {"title": title, "slug": "start", "comments-TOTAL_FORMS": 0} | {
        "comments-INITIAL_FORMS": 0,
        "comments-MIN_NUM_FORMS": 0,
        "comments-MAX_NUM_FORMS": 1000,
        **data,
    }


def edit_url(page: Page) -> str:
    return f"{ENDPOINT}/{page._meta.app_label}/{page._meta.model_name}/{page.pk}/"


def test_the_panel_tells_how_the_page_is_saved(editor, home, child):
    home.body = [make_notice("Apply for a place", child)]
    home.save_revision()

    html = editor.get(f"/admin/pages/{home.pk}/edit/").text

    assert 'data-side-panel="who-sees"' in html
    assert "Notice: Apply for a place" in html
    assert "Shown to those who have chosen Having a child." in html
    assert f'data-mb-who-sees-url-value="{edit_url(home)}"' in html
    assert "medborgare_segments/who_sees.js" in html


@pytest.mark.parametrize("page_type", [ArticlePage, PlainPage])
def test_a_page_that_cannot_have_personal_blocks_has_no_panel(editor, home, page_type):
    page = make_page(home, page_type)

    html = editor.get(f"/admin/pages/{page.pk}/edit/").text

    assert "who-sees" not in html


def test_the_answer_follows_the_form_and_not_what_is_saved(editor, home, child):
    home.body = [make_notice("Saved", child)]
    home.save_revision()
    moving = make_situation("Moving here")

    response = editor.post(
        edit_url(home), form_data("Start", notice("Changed", moving, mode="except"))
    )

    assert response.status_code == 200, response.text
    assert "Notice: Changed" in response.text
    assert "Shown to everyone but those who have chosen Moving here." in response.text
    assert 'href="#block-block-0-section"' in response.text
    assert "Saved" not in response.text


def test_who_sees_less_and_what_nobody_sees_come_first(editor, home, child):
    blocks = [
        notice("Not for parents", child, mode="except"),
        notice("Not chosen yet"),
    ]

    html = editor.post(edit_url(home), form_data("Start", *blocks)).text

    assert html.index("Nobody sees this") < html.index("These see less")
    assert html.index("These see less") < html.index("Not for everyone")
    assert "Shown to nobody: no situation is chosen." in html
    assert "Misses Notice: Not for parents" in html


def test_a_page_for_everyone_says_so(editor, home):
    html = editor.post(edit_url(home), form_data("Start")).text

    assert "Everyone sees all of it." in html


def test_asking_writes_nothing(editor, home, child):
    home.save_revision()
    data = form_data("Another title", notice("Changed", child))
    before = database_digest()

    assert editor.post(edit_url(home), data).status_code == 200
    assert (
        editor.post(f"{ENDPOINT}/testapp/homepage/add/{home.pk}/", data).status_code
        == 200
    )

    assert database_digest() == before


def test_a_form_that_cannot_be_read_is_told_apart(editor, home, child):
    data = form_data("Start", notice("x", child))
    data["slug"] = "no slug at all!"

    response = editor.post(edit_url(home), data)

    assert (response.status_code, response.text) == (422, "")


@pytest.mark.parametrize(
    "sent", [{"title": "Start"}, {"title": "Start", "body-count": "many"}]
)
def test_what_is_no_form_at_all_is_a_bad_request(editor, home, sent):
    response = editor.post(edit_url(home), sent)

    assert (response.status_code, response.text) == (400, "")


def test_a_new_page_has_the_panel_and_the_answer(editor, home, child):
    url = f"{ENDPOINT}/testapp/homepage/add/{home.pk}/"

    html = editor.get(f"/admin/pages/add/testapp/homepage/{home.pk}/").text
    answer = editor.post(url, form_data("", notice("For parents", child))).text

    assert f'data-mb-who-sees-url-value="{url}"' in html
    assert "Notice: For parents" in answer


def test_only_those_who_may_edit_are_answered(make_client, home):
    other = make_page(home, PlainPage)
    below_another = make_client("change", "add", below=other, name="other")
    nobody = make_client(name="nobody")
    data = form_data("Start")
    add = f"{ENDPOINT}/testapp/homepage/add/{home.pk}/"

    for client in (below_another, nobody, Client()):
        for url in (edit_url(home), add):
            response = client.post(url, data)
            # Wagtail sends who is turned away to the log-in or to its own start page.
            assert response.status_code in {302, 403}
            assert "Everyone sees" not in response.text


def test_asking_takes_a_post(editor, home):
    assert editor.get(edit_url(home)).status_code == 405


def test_a_form_of_another_site_is_refused(home):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_editor("admin"))

    assert client.post(edit_url(home), form_data("Start")).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "testapp/articlepage/{home}/",
        "testapp/plainpage/{home}/",
        "testapp/nothing/{home}/",
        "testapp/homepage/999999/",
        "testapp/homepage/abc/",
        "testapp/homepage/{plain}/",
        "auth/user/1/",
        "auth/user/add/",
        "testapp/homepage/add/",
        "testapp/homepage/add/999999/",
        "testapp/plainpage/add/{home}/",
        "testapp/banner/add/{home}/",
        "wagtailcore/page/add/{home}/",
    ],
)
def test_what_is_not_what_the_address_says_is_not_found(editor, home, path):
    plain = make_page(home, PlainPage)
    url = f"{ENDPOINT}/{path.format(home=home.pk, plain=plain.pk)}"

    assert editor.post(url, form_data("Start")).status_code == 404


def test_a_page_that_may_not_be_added_there_is_not_found(editor, home, monkeypatch):
    url = f"{ENDPOINT}/testapp/homepage/add/{home.pk}/"
    assert editor.post(url, form_data("Start")).status_code == 200
    monkeypatch.setattr(HomePage, "is_creatable", False)

    assert editor.post(url, form_data("Start")).status_code == 404


def test_more_blocks_take_no_more_queries(editor, home, child):
    def queries(count: int) -> list[str]:
        blocks = [notice(f"Block {number}", child) for number in range(count)]
        data = form_data("Start", *blocks)
        with CaptureQueriesContext(connection) as captured:
            assert editor.post(edit_url(home), data).status_code == 200
        return [query["sql"] for query in captured]

    queries(1)

    assert len(queries(1)) == len(queries(12)), queries(12)


# --- Snippets of the site's own ---

BANNERS = f"{ENDPOINT}/testapp/banner"


@pytest.fixture
def banner(child: Any) -> Banner:
    return Banner.objects.create(
        name="Banner", body=[make_notice("For parents", child)]
    )


def banner_form(child: Any) -> dict[str, Any]:
    data = form_data("", notice("Changed", child, mode="except"))
    return {**data, "name": "Banner"}


def test_a_snippet_has_the_panel_and_the_answer(make_client, banner, child):
    client = make_client(others=("change_banner", "add_banner"))

    html = client.get(f"/admin/snippets/testapp/banner/edit/{banner.pk}/").text
    new = client.get("/admin/snippets/testapp/banner/add/").text
    answers = [
        client.post(f"{BANNERS}/{path}/", banner_form(child)).text
        for path in (banner.pk, "add")
    ]

    assert "Shown to those who have chosen Having a child." in html
    assert f'data-mb-who-sees-url-value="{BANNERS}/{banner.pk}/"' in html
    assert f'data-mb-who-sees-url-value="{BANNERS}/add/"' in new
    for answer in answers:
        assert "Shown to everyone but those who have chosen Having a child." in answer


def test_a_snippet_is_told_to_those_who_may_change_it_only(make_client, banner, child):
    may_add = make_client(others=("add_banner",), name="adds")
    may_edit_pages = make_client("change", "add", name="edits")

    assert may_add.post(f"{BANNERS}/add/", banner_form(child)).status_code == 200
    for client, path in (
        (may_add, banner.pk),
        (may_edit_pages, banner.pk),
        (may_edit_pages, "add"),
    ):
        response = client.post(f"{BANNERS}/{path}/", banner_form(child))
        assert response.status_code in {302, 403}
        assert "Changed" not in response.text


def test_asking_for_a_snippet_writes_nothing(make_client, banner, child):
    client = make_client(others=("change_banner", "add_banner"))
    before = database_digest()

    client.post(f"{BANNERS}/{banner.pk}/", banner_form(child))
    client.post(f"{BANNERS}/add/", banner_form(child))

    assert database_digest() == before
