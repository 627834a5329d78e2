"""What uses a situation is known before anybody deletes it."""

from __future__ import annotations

import pytest
from factories import make_page, make_service, make_situation
from wagtail.models import ReferenceIndex

from wagtail_medborgare.situations.models import NextSituation

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    return make_situation("Få barn")


def users_of(situation):
    usage = ReferenceIndex.get_references_to(situation)
    return {str(reference.model_name) for reference in usage}


def use_in_a_block(home, situation):
    home.body = [
        {
            "type": "notice",
            "value": {
                "audience": {"mode": "only", "situations": [situation.pk], "segments": []},
                "text": "Grattis!",
            },
        }
    ]
    home.save()


def test_tagged_page_uses_the_situation(home, child):
    make_page(home, situations=[child])

    assert "article page" in users_of(child)


def test_untagged_page_uses_it_no_longer(home, child):
    page = make_page(home, situations=[child])

    page.life_situations.clear()
    page.save()

    assert "article page" not in users_of(child)


def test_block_uses_the_situations_of_its_audience(home, child):
    use_in_a_block(home, child)

    assert "home page" in users_of(child)


def test_step_to_a_situation_uses_it(child):
    before = make_situation("Bli sambo")
    before.next_situations.add(NextSituation(to=child, prompt="Dags för barn?"))
    before.save()

    assert "livssituation" in users_of(child) or "life situation" in users_of(child)


def test_usage_view_lists_pages_and_blocks(admin, home, child):
    make_page(home, title="Artikeln om barn", situations=[child])
    use_in_a_block(home, child)

    text = admin.get(f"/admin/snippets/medborgare_situations/lifesituation/usage/{child.pk}/").text

    assert "Artikeln om barn" in text
    assert "Start" in text


def test_usage_view_lists_services(admin, home, child):
    make_service("Ansök om förskola", situations=[child])

    text = admin.get(f"/admin/snippets/medborgare_situations/lifesituation/usage/{child.pk}/").text

    assert "Ansök om förskola" in text


def test_deletion_page_says_how_often_it_is_used(admin, home, child):
    for _number in range(3):
        make_page(home, situations=[child])
    url = f"/admin/snippets/medborgare_situations/lifesituation/delete/{child.pk}/"

    response = admin.get(url)

    assert f"usage/{child.pk}/?describe_on_delete=1" in response.text


def test_usage_before_deletion_lists_the_pages(admin, home, child):
    make_page(home, title="Artikeln om barn", situations=[child])
    url = f"/admin/snippets/medborgare_situations/lifesituation/usage/{child.pk}/"

    response = admin.get(url, {"describe_on_delete": "1"})

    assert "Artikeln om barn" in response.text
