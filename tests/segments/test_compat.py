"""What wagtail-personalisation 1.0.0 breaks works with our package in place."""

from __future__ import annotations

import inspect

import pytest
from django import forms
from django.core.management import call_command
from factories import make_editor, make_home, make_situation
from testapp.models import VariantPage
from wagtail import hooks
from wagtail.models import PageViewRestriction
from wagtail_personalisation.forms import SegmentAdminForm
from wagtail_personalisation.models import PersonalisablePageMetadata, Segment

from wagtail_medborgare.segments import compat

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_home()


def test_the_userbar_shows_on_public_pages(admin_client, home):
    make_situation("Få barn")

    response = admin_client.get("/")

    assert response.status_code == 200
    assert "wagtail-userbar" in response.text


def test_an_ordinary_editor_opens_the_page_editor_too(client, home):
    from django.contrib.auth.models import Group

    editor = make_editor(is_superuser=False)
    editor.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(editor)

    assert client.get(f"/admin/pages/{home.pk}/edit/").status_code in {200, 302}


def test_the_page_editor_opens(admin_client, home):
    make_situation("Få barn")

    response = admin_client.get(f"/admin/pages/{home.pk}/edit/")

    assert response.status_code == 200
    assert "mb-cards" in response.text


def test_the_first_form_for_a_new_segment_has_the_rules(admin_client):
    response = admin_client.get("/admin/wagtail_personalisation/segment/create/")

    assert response.status_code == 200
    assert "medborgare_segments_lifesituationrules" in response.text
    assert "segment_form_control.js" in response.text


def test_a_segment_with_our_rule_is_created_in_the_admin(admin_client):
    child = make_situation("Få barn")
    data = {"name": "Parents", "status": "enabled", "type": "dynamic", "count": "0"}
    for relation in (
        "medborgare_segments_lifesituationrules",
        *(f"wagtail_personalisation_{name}s" for name in (
            "timerule", "dayrule", "devicerule", "referralrule", "queryrule",
            "userisloggedinrule", "origincountryrule")),
    ):  # fmt: skip
        total = int("lifesituation" in relation)
        data |= {
            f"{relation}-TOTAL_FORMS": total,
            f"{relation}-INITIAL_FORMS": 0,
            f"{relation}-MIN_NUM_FORMS": 0,
            f"{relation}-MAX_NUM_FORMS": 1000,
        }
    data |= {
        "medborgare_segments_lifesituationrules-0-situation": child.pk,
        "medborgare_segments_lifesituationrules-0-ORDER": 1,
    }

    response = admin_client.post("/admin/wagtail_personalisation/segment/create/", data)

    assert response.status_code == 302, response.text
    assert [
        rule.situation for rule in Segment.objects.get(name="Parents").get_rules()
    ] == [child]


def test_the_list_of_segments_opens(admin_client):
    make_situation("Få barn")

    response = admin_client.get("/admin/wagtail_personalisation/segment/")

    assert response.status_code == 200
    assert "Få barn" in response.text


@pytest.fixture
def page(home):
    page = home.add_child(
        instance=VariantPage(title="Page", slug="page", text="for all")
    )
    PersonalisablePageMetadata.objects.create(canonical_page=page, variant=page)
    return page


def make_variant(page, situation, *, live, text):
    segment = situation.situation_segment.segment
    variant = page.personalisation_metadata.copy_for_segment(segment)
    variant.text, variant.live = text, live
    variant.save()
    return variant


def test_a_visitor_gets_the_variant_of_their_segment(visitor, other_visitor, page):
    child = make_situation("Få barn")
    make_variant(page, child, live=True, text="for parents")
    visitor.choose(child)

    assert "for parents" in visitor.get("/page/").text
    assert "for all" in other_visitor.get("/page/").text


def test_a_draft_variant_is_shown_to_nobody(visitor, page):
    child = make_situation("Få barn")
    make_variant(page, child, live=False, text="not ready")
    visitor.choose(child)

    assert "for all" in visitor.get("/page/").text


def test_a_variant_keeps_the_restriction_of_its_page(visitor, page):
    child = make_situation("Få barn")
    make_variant(page, child, live=True, text="for parents")
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    visitor.choose(child)

    response = visitor.get("/page/")

    assert response.status_code == 302
    assert "for parents" not in response.text


def test_the_first_of_several_variants_wins(visitor, page):
    child, house = make_situation("Få barn"), make_situation("Bygga")
    make_variant(page, child, live=True, text="first")
    make_variant(page, house, live=True, text="second")
    visitor.choose(child, house)

    assert "first" in visitor.get("/page/").text


def test_a_variant_has_no_address_of_its_own(visitor, page):
    variant = make_variant(page, make_situation("Få barn"), live=True, text="x")

    assert visitor.get(f"/{variant.slug}/").status_code == 404


def test_serving_writes_nothing(visitor, home, django_assert_num_queries):
    home.add_child(instance=VariantPage(title="New", slug="new"))

    visitor.get("/new/")

    assert not PersonalisablePageMetadata.objects.exists()


def test_their_storing_hooks_are_gone():
    names = {hook.__name__ for hook in hooks.get_hooks("before_serve_page")}
    userbar = hooks.get_hooks("construct_wagtail_userbar")

    assert not names & {"set_visit_count", "segment_user", "serve_variant"}
    assert all(len(inspect.signature(hook).parameters) >= 3 for hook in userbar)


def test_a_mended_library_is_left_alone(monkeypatch):
    monkeypatch.setattr(forms.Media, "add_js", lambda self, js: None, raising=False)
    before = SegmentAdminForm.media

    compat.keep_form_media()
    compat.give_first_form_its_rules()

    assert SegmentAdminForm.media is before


def test_a_userbar_hook_that_takes_the_page_is_kept(monkeypatch):
    from wagtail_personalisation import wagtail_hooks as theirs

    def add_segment_link_items(request, items, page):
        return items

    monkeypatch.setattr(theirs, "add_segment_link_items", add_segment_link_items)
    with hooks.register_temporarily(
        "construct_wagtail_userbar", add_segment_link_items
    ):
        compat.drop_two_argument_userbar_hook()

        assert add_segment_link_items in hooks.get_hooks("construct_wagtail_userbar")


def test_a_fresh_process_has_the_panels(monkeypatch):
    monkeypatch.delattr(Segment, "panels")

    compat.give_first_form_its_rules()

    assert Segment.panels


def test_the_system_checks_pass():
    call_command("check", fail_level="WARNING", databases=["default"])
