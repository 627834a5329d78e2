"""Editors tick situations on any page with the mixin."""

from __future__ import annotations

import pytest
from django.urls import reverse
from factories import make_page, make_situation
from testapp.models import ArticlePage
from wagtail.test.utils import WagtailTestUtils

from wagtail_medborgare.situations.models import LifeSituation, TaggedPage

pytestmark = pytest.mark.django_db

FORM = "page-edit-form"


def name_of(box):
    return LifeSituation.objects.get(slug=box["value"]).name


@pytest.fixture
def child():
    return make_situation("Få barn")


@pytest.fixture
def family():
    return make_situation("Gifta sig, bli sambo eller skiljas", group="family")


@pytest.fixture
def article(home, child):
    page = make_page(home, situations=[child])
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


@pytest.fixture(params=["superuser", "editor"])
def browser(request, admin, editor_with):
    return admin if request.param == "superuser" else editor_with()


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def tick(browser, page, *names, publish=False, **fields):
    form = browser.read_form(edit_url(page), FORM)
    form.setlist("life_situations", list(names))
    for name, value in fields.items():
        form[name] = value
    if publish:
        form["action-publish"] = "action-publish"
    response = browser.send_form(edit_url(page), form)
    assert response.status_code == 302
    return response


def public_tags(page):
    items = TaggedPage.objects.filter(content_object_id=page.pk)
    return {item.tag.name for item in items}


def draft_tags(page):
    draft = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return {tag.name for tag in draft.life_situations.all()}


def test_form_shows_grouped_boxes_with_the_chosen_ticked(browser, article, family):
    soup = WagtailTestUtils.get_soup(browser.get(edit_url(article)).text)

    boxes = soup.find_all("input", {"name": "life_situations"})
    ticked = [name_of(box) for box in boxes if box.has_attr("checked")]
    assert {box["type"] for box in boxes} == {"checkbox"}
    assert len(soup.select("fieldset.mb-cards__group legend")) == 1
    assert ticked == ["Få barn"]


def test_ticked_situations_are_published(browser, article, family):
    tick(browser, article, "Få barn", family.name, publish=True)

    assert public_tags(article) == {"Få barn", family.name}


def test_unticked_situations_are_gone(browser, article):
    tick(browser, article, publish=True)

    assert public_tags(article) == set()


def test_saved_draft_is_not_public(browser, article, family):
    tick(browser, article, family.name, situations_cover_section="on")

    assert public_tags(article) == {"Få barn"}
    assert draft_tags(article) == {family.name}
    assert not TaggedPage.objects.filter(covers_section=True).exists()


def test_section_is_public_when_published(browser, article):
    tick(browser, article, "Få barn", situations_cover_section="on", publish=True)

    assert TaggedPage.objects.get().covers_section


def test_form_saved_untouched_changes_nothing(admin, article, family):
    tick(admin, article, family.name, publish=True)

    admin.send_form(edit_url(article), admin.read_form(edit_url(article), FORM))

    assert draft_tags(article) == {family.name}


@pytest.mark.parametrize(
    "name",
    [
        "Gifta sig, bli sambo",
        "Bo hos 'moster' & co",
        "komma,utan mellanslag",
        "<b>fet</b>",
        "två  mellanslag",
    ],
)
def test_unusual_names_are_safe(admin, article, name):
    make_situation(name)

    tick(admin, article, "Få barn", name, publish=True)

    assert public_tags(article) == {"Få barn", name}


def test_inactive_situation_can_only_be_kept(admin, article, child):
    make_situation("Aldrig", is_active=False)
    child.is_active = False
    child.save()

    text = admin.get(edit_url(article)).text

    assert 'value="fa-barn"' in text
    assert 'value="aldrig"' not in text


def test_unknown_names_create_no_situation(admin, article, child):
    tick(admin, article, "Få barn", "Påhittad", publish=True)

    assert public_tags(article) == {"Få barn"}


def test_ticks_survive_a_mistake_elsewhere_in_the_form(admin, article, family):
    form = admin.read_form(edit_url(article), FORM)
    form.setlist("life_situations", [family.name])
    form["title"] = ""
    form["action-publish"] = "action-publish"

    response = admin.send_form(edit_url(article), form)

    soup = WagtailTestUtils.get_soup(response.text)
    ticked = soup.find_all("input", {"name": "life_situations"}, checked=True)
    assert [name_of(box) for box in ticked] == [family.name]


def test_new_page_is_tagged(admin, home, child):
    url = reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", home.pk])
    form = admin.read_form(url, FORM)
    form.update({"title": "Ny", "slug": "ny", "action-publish": "action-publish"})
    form.setlist("life_situations", ["Få barn"])

    admin.send_form(url, form)

    assert public_tags(ArticlePage.objects.get(slug="ny")) == {"Få barn"}


def test_revisions_can_be_compared_and_restored(admin, article, family):
    first = article.latest_revision
    tick(admin, article, family.name, publish=True)
    second = ArticlePage.objects.get(pk=article.pk).latest_revision

    compared = admin.get(
        reverse(
            "wagtailadmin_pages:revisions_compare",
            args=[article.pk, first.pk, second.pk],
        )
    )
    restored = admin.get(
        reverse("wagtailadmin_pages:revisions_revert", args=[article.pk, first.pk])
    )

    soup = WagtailTestUtils.get_soup(restored.text)
    ticked = soup.find_all("input", {"name": "life_situations"}, checked=True)
    assert compared.status_code == 200
    assert [name_of(box) for box in ticked] == ["Få barn"]
