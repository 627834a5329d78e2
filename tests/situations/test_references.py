"""What uses a situation is known before anybody deletes it."""

from __future__ import annotations

import pytest
from factories import make_page, make_service, make_situation
from wagtail.models import ReferenceIndex

from wagtail_medborgare.situations.models import NextSituation

pytestmark = pytest.mark.django_db

URL = "/admin/snippets/medborgare_situations/lifesituation"


@pytest.fixture
def child():
    return make_situation("Få barn")


def users_of(situation):
    return {
        (reference.base_content_type.model, reference.object_id)
        for reference in ReferenceIndex.get_references_to(situation)
    }


def use_in_a_block(home, situation):
    home.body = [
        {
            "type": "notice",
            "value": {
                "audience": {
                    "mode": "only",
                    "situations": [situation.pk],
                    "segments": [],
                },
                "text": "Grattis!",
            },
        }
    ]
    home.save()


def test_tagged_page_uses_the_situation(home, child):
    page = make_page(home, situations=[child])

    assert ("page", str(page.pk)) in users_of(child)


def test_untagged_page_uses_it_no_longer(home, child):
    page = make_page(home, situations=[child])

    page.life_situations.clear()
    page.save()

    assert ("page", str(page.pk)) not in users_of(child)


def test_page_unticked_in_the_admin_is_not_listed_any_more(admin, home, child):
    page = make_page(home, situations=[child])
    page.save_revision().publish()
    form = admin.read_form(f"/admin/pages/{page.pk}/edit/", "page-edit-form")
    form.setlist("life_situations", [])
    form["action-publish"] = "action-publish"

    admin.send_form(f"/admin/pages/{page.pk}/edit/", form)

    assert ("page", str(page.pk)) not in users_of(child)


def test_page_that_still_has_the_situation_in_a_block_still_uses_it(home, child):
    home.life_situations.add(child)
    use_in_a_block(home, child)

    home.life_situations.clear()
    home.save()

    assert ("page", str(home.pk)) in users_of(child)


def test_removed_step_uses_it_no_longer(child):
    before = make_situation("Bli sambo")
    before.next_situations.add(NextSituation(to=child, prompt="Dags för barn?"))
    before.save()

    before.next_situations.clear()
    before.save()

    assert ("lifesituation", str(before.pk)) not in users_of(child)


def test_block_uses_the_situations_of_its_audience(home, child):
    use_in_a_block(home, child)

    assert ("page", str(home.pk)) in users_of(child)


@pytest.mark.parametrize("is_section", [False, True])
def test_tags_and_blocks_of_one_page_are_both_known(home, child, is_section):
    house = make_situation("Bygga hus")
    home.life_situations.add(child)
    home.situations_cover_section = is_section

    use_in_a_block(home, house)

    assert ("page", str(home.pk)) in users_of(child)
    assert ("page", str(home.pk)) in users_of(house)


def test_blocks_are_known_after_a_draft_is_published(home, child):
    house = make_situation("Bygga hus")
    use_in_a_block(home, house)
    home.life_situations.add(child)
    home.situations_cover_section = True

    home.save_revision().publish()

    assert ("page", str(home.pk)) in users_of(child)
    assert ("page", str(home.pk)) in users_of(house)


def test_step_to_a_situation_uses_it(child):
    before = make_situation("Bli sambo")
    before.next_situations.add(NextSituation(to=child, prompt="Dags för barn?"))
    before.save()

    assert ("lifesituation", str(before.pk)) in users_of(child)


def test_usage_view_lists_pages_and_blocks(admin, home, child):
    make_page(home, title="Artikeln om barn", situations=[child])
    use_in_a_block(home, child)

    text = admin.get(f"{URL}/usage/{child.pk}/").text

    assert "Artikeln om barn" in text
    assert "Start" in text


def test_usage_view_lists_services(admin, home, child):
    make_service("Ansök om förskola", situations=[child])

    text = admin.get(f"{URL}/usage/{child.pk}/").text

    assert "Ansök om förskola" in text


def test_deletion_page_says_how_often_it_is_used(admin, home, child):
    for _number in range(3):
        make_page(home, situations=[child])
    url = f"{URL}/delete/{child.pk}/"

    response = admin.get(url)

    assert f"usage/{child.pk}/?describe_on_delete=1" in response.text


def test_usage_before_deletion_lists_the_pages(admin, home, child):
    make_page(home, title="Artikeln om barn", situations=[child])
    url = f"{URL}/usage/{child.pk}/"

    response = admin.get(url, {"describe_on_delete": "1"})

    assert "Artikeln om barn" in response.text
