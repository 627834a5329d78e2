"""“Try as a resident”: what fits, what does not, why, and what one may not know."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from factories import (
    make_editor,
    make_home,
    make_notice,
    make_page,
    make_service,
    make_situation,
)
from security.digest import database_digest
from testapp.models import HomePage
from wagtail import hooks
from wagtail.models import GroupPagePermission, Page, PageViewRestriction
from wagtail.users.models import UserProfile
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import DayRule

from wagtail_medborgare.segments.models import LifeSituationRule
from wagtail_medborgare.services.modules import BaseModule
from wagtail_medborgare.situations.models import Persona

pytestmark = pytest.mark.django_db

URL = "/admin/medborgare/try-as/"


@pytest.fixture
def home() -> Any:
    return make_home()


@pytest.fixture
def child() -> Any:
    return make_situation("Having a child")


@pytest.fixture
def moving() -> Any:
    return make_situation("Moving here")


@pytest.fixture
def make_client() -> Any:
    """Log in somebody who may open the admin, and change what is named."""

    def log_in(*permissions: str, below: Page | None = None) -> Client:
        user = make_editor(is_superuser=False)
        group = Group.objects.create(name="Writers")
        names = ["access_admin", *permissions]
        group.permissions.set(Permission.objects.filter(codename__in=names))
        if below is not None:
            change = Permission.objects.get(
                codename="change_page", content_type__app_label="wagtailcore"
            )
            GroupPagePermission.objects.create(
                group=group, page=below, permission=change
            )
        user.groups.add(group)
        UserProfile.objects.create(user=user, preferred_language="en")
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def editor(make_client: Any) -> Client:
    return make_client()


def tried(client: Client, *situations: Any, **query: Any) -> Any:
    keys = [item.pk for item in situations]
    return client.get(URL, {"situation": keys, "persona": "", **query})


def test_the_page_stands_in_the_menu_and_asks_whom_to_try(editor, child):
    html = editor.get(URL).text

    assert "Try as a resident" in html
    assert "Having a child" in html
    assert "Blocks on pages" not in html
    assert URL in editor.get("/admin/").text


def test_each_block_is_told_with_its_reason(editor, home, child, moving):
    home.body = [
        make_notice("For parents", child),
        make_notice("For movers", moving),
        make_notice("Not for parents", child, mode="except"),
    ]
    home.save()

    (page,) = tried(editor, child).context["pages"].pages

    with override("en"):
        said = [
            (part.words, answer.name, part.sentence) for part, answer in page.answers
        ]
    assert said == [
        ("For parents", "YES", "Shown to those who have chosen Having a child"),
        ("For movers", "NO", "Shown to those who have chosen Moving here"),
        (
            "Not for parents",
            "NO",
            "Shown to everyone but those who have chosen Having a child",
        ),
    ]


def test_somebody_who_chose_nothing_can_be_tried(editor, home, child):
    home.body = [make_notice("Not for parents", child, mode="except")]
    home.save()

    response = tried(editor)

    assert "A resident who has chosen nothing" in response.text
    ((part, answer),) = response.context["pages"].pages[0].answers
    assert (part.words, answer.name) == ("Not for parents", "YES")


def test_a_persona_brings_its_situations_along(editor, home, child, moving):
    persona = Persona.objects.create(name="Two children")
    persona.life_situations.add(child)
    persona.save()

    response = tried(editor, moving, persona=persona.pk)

    assert [item.name for item in response.context["chosen"]] == [
        "Having a child",
        "Moving here",
    ]
    assert "A resident who has chosen Having a child and Moving here" in response.text


@pytest.mark.parametrize(
    "query",
    [
        {"situation": "999999"},
        {"situation": "x"},
        {"persona": "999999"},
        {"persona": "x", "situation": ""},
        {"situation": "9" * 400},
    ],
)
def test_what_is_not_there_is_refused(editor, home, child, query):
    response = editor.get(URL, query)

    assert response.status_code == 200
    assert "Blocks on pages" not in response.text
    assert response.context["form"].errors


def test_a_situation_that_residents_cannot_choose_is_refused(editor, home):
    resting = make_situation("Resting", is_active=False)

    assert tried(editor, resting).context["form"].errors


def test_services_are_told_with_their_situations(editor, home, child, moving):
    make_service("Preschool", situations=[child, moving])
    make_service("Parking", situations=[moving])
    make_service("Unpublished", situations=[child], live=False)

    found = tried(editor, child).context["services"]

    assert [(item.service.name, item.sentence) for item in found.services] == [
        ("Preschool", "Shown to those who have chosen Having a child or Moving here")
    ]
    assert (found.total, found.others, found.more) == (1, 1, 0)


def test_modules_say_whether_they_have_something(editor, home, child):
    class Greeting(BaseModule):
        name = "greeting"
        label = "Greeting"
        template_name = "x.html"

        def get_context(self, visitor: Any, request: Any) -> dict[str, Any] | None:
            return {} if visitor.situations else None

    with hooks.register_temporarily("register_medborgare_modules", lambda: Greeting):
        shown, hidden = tried(editor, child), tried(editor)

    def sentence(response: Any, name: str) -> str:
        modules = response.context["modules"]
        (found,) = (item for item in modules if item.kind.name == name)
        with override("en"):
            return found.sentence

    assert sentence(shown, "greeting").startswith("Shown because")
    assert sentence(hidden, "greeting").startswith("Not shown")
    assert sentence(hidden, "search") == "Shown to everyone, whatever they have chosen"
    assert sentence(shown, "pages").startswith("Not shown")


def test_segments_are_told_by_their_rules(editor, home, child):
    segment = Segment.objects.create(
        name="Parents on Mondays", status=Segment.STATUS_ENABLED
    )
    LifeSituationRule.objects.create(segment=segment, situation=child)
    DayRule.objects.create(segment=segment, mon=True)

    (found,) = tried(editor, child).context["segments"]
    (not_found,) = tried(editor).context["segments"]

    assert (found.name, found.answer.name) == ("Parents on Mondays", "MAY")
    assert found.sentence == "Those who have chosen Having a child and visit on Monday"
    assert not_found.answer.name == "NO"


def test_a_private_page_is_not_told_to_those_who_may_not_open_it(
    make_client, home, child
):
    private = make_page(home, HomePage, body=[make_notice("Secret", child)])
    PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.LOGIN
    )
    public = make_page(home, HomePage, body=[make_notice("Open", child)])
    client = make_client(below=public)

    text = tried(client, child).text

    assert "Open" in text
    assert "Secret" not in text
    assert f"/admin/pages/{public.pk}/edit/" in text


def test_a_page_is_linked_for_those_who_may_edit_it_only(editor, home, child):
    home.body = [make_notice("Open", child)]
    home.save()
    make_service("Preschool", situations=[child])

    text = tried(editor, child).text

    assert "Open" in text
    assert "/edit/" not in text.split("Blocks on pages")[1].split("</section>")[0]
    assert "medborgare_services/service/edit" not in text


def test_a_service_is_linked_for_those_who_may_change_services(
    make_client, home, child
):
    service = make_service("Preschool", situations=[child])
    client = make_client("change_service")

    text = tried(client, child).text

    assert f"/admin/snippets/medborgare_services/service/edit/{service.pk}/" in text


def test_a_draft_is_not_told(editor, home, child):
    make_page(home, HomePage, live=False, body=[make_notice("Draft", child)])

    assert "Draft" not in tried(editor, child).text


def test_who_may_not_open_the_admin_is_turned_away(home, child):
    client = Client()
    assert client.get(URL).status_code == 302
    client.force_login(make_editor(is_superuser=False))

    assert client.get(URL).status_code in {302, 403}


def test_it_takes_no_post_and_writes_nothing(editor, home, child):
    home.body = [make_notice("For parents", child)]
    home.save()
    tried(editor, child)
    before = database_digest()

    assert tried(editor, child).status_code == 200
    assert editor.post(URL, {"situation": child.pk}).status_code == 405

    assert database_digest() == before


def test_more_pages_services_and_blocks_take_no_more_queries(editor, home, child):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert tried(editor, child).status_code == 200
        return len(captured)

    def add(count: int) -> None:
        for number in range(count):
            blocks = [make_notice(f"Block {number}", child)] * count
            make_page(home, HomePage, body=blocks)
            make_service(situations=[child])

    add(1)
    queries()
    few = queries()
    add(6)
    queries()

    assert queries() == few


def test_a_long_list_says_that_it_is_cut(editor, home, child):
    for number in range(51):
        make_page(home, HomePage, body=[make_notice(f"Block {number}", child)])
        make_service(f"Service {number:02}", situations=[child])

    response = tried(editor, child)

    assert len(response.context["pages"].pages) == 50
    assert "here are the 50 that were published last" in response.text
    assert "One more fits." in response.text
