"""A page at the edge is the same for everybody; its personal parts come on their own."""

from __future__ import annotations

import pytest
from factories import (
    make_block,
    make_home,
    make_notice,
    make_page,
    make_service,
    make_situation,
)
from testapp.models import HomePage
from wagtail.models import PageViewRestriction

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    return make_situation("Barn")


@pytest.fixture
def home(child, settings):
    settings.WAGTAIL_MEDBORGARE_EDGE_PAGES = ("testapp.HomePage",)
    audience = {"mode": "only", "situations": [child.pk], "segments": []}
    return make_home(
        body=[
            {"type": "text", "value": "Översvämning"},
            make_notice("Förskolan är stängd", child),
            make_notice("Till alla andra", child, mode="except"),
            make_block(
                "variants",
                variants=[{"audience": audience, "content": {"heading": "Familj"}}],
                default=[{"heading": "Alla"}],
            ),
            make_block("chooser", heading="Vad händer?", intro="", first=6),
            make_block("services_for_you", heading="Tjänster", limit=5),
        ]
    )


def parts_for(visitor, home) -> str:
    response = visitor.get(f"/medborgare/pages/{home.pk}/parts/")
    assert response["Cache-Control"] == "private, no-store"
    return "".join(response.json()["parts"].values())


def test_the_page_reads_nothing_and_is_the_same_for_all(
    home, child, visitor, other_visitor
):
    visitor.choose(child)

    first, second = visitor.get("/"), other_visitor.get("/")

    assert first.content == second.content
    assert "Cache-Control" not in first
    assert not first.cookies
    assert "Förskolan är stängd" not in first.text
    assert "Till alla andra" in first.text


def test_the_parts_are_what_this_visitor_sees(home, child, visitor, other_visitor):
    make_service("Skolskjuts", situations=[child])
    visitor.choose(child)

    mine, others = parts_for(visitor, home), parts_for(other_visitor, home)

    assert "Förskolan är stängd" in mine
    assert "Familj" in mine
    assert "Skolskjuts" in mine
    assert "Till alla andra" not in mine
    assert "Översvämning" not in mine
    assert "Till alla andra" in others
    assert "Alla" in others


def test_each_part_has_its_place(home, child, visitor):
    visitor.choose(child)
    page = visitor.get("/").text

    parts = visitor.get(f"/medborgare/pages/{home.pk}/parts/").json()["parts"]

    assert len(parts) == 5
    assert all(page.count(f'data-mb-part="{name}"') == 1 for name in parts)


def test_two_equal_blocks_have_places_of_their_own(child, visitor, settings):
    settings.WAGTAIL_MEDBORGARE_EDGE_PAGES = ("testapp.homepage",)
    home = make_home(body=[make_notice("Samma", child), make_notice("Samma", child)])

    parts = visitor.get(f"/medborgare/pages/{home.pk}/parts/").json()["parts"]

    assert len(parts) == 2


def test_without_script_a_plain_link_leads_to_the_page_for_this_visitor(
    home, child, visitor
):
    visitor.choose(child)
    address = f"/medborgare/pages/{home.pk}/"
    assert (
        visitor.get("/").text.count(
            f'<noscript><p class="mb-parts-link"><a href="{address}"'
        )
        == 1
    )

    response = visitor.get(address)

    assert "Förskolan är stängd" in response.text
    assert "Översvämning" in response.text
    assert "mb-part" not in response.text
    assert response["Cache-Control"] == "private, no-store"


def test_the_personal_page_is_private_even_if_it_asks_nothing(visitor, settings):
    settings.WAGTAIL_MEDBORGARE_EDGE_PAGES = ("testapp.HomePage",)
    home = make_home(body=[{"type": "text", "value": "Hej"}])

    response = visitor.get(f"/medborgare/pages/{home.pk}/")

    assert response["Cache-Control"] == "private, no-store"
    assert visitor.get(f"/medborgare/pages/{home.pk}/parts/").json() == {"parts": {}}


@pytest.mark.parametrize("path", ["", "parts/"])
def test_only_live_pages_of_this_site_that_live_at_the_edge_have_parts(
    home, visitor, path, settings
):
    other = make_page(home, HomePage, live=False)
    outside = make_page(home.get_parent(), HomePage, slug="annan-webbplats")
    elsewhere = make_page(home, slug="text")

    answers = [
        visitor.get(f"/medborgare/pages/{pk}/{path}").status_code
        for pk in (home.pk, other.pk, outside.pk, elsewhere.pk, 10**9, home.pk)
    ]

    assert answers == [200, 404, 404, 404, 404, 200]


def test_a_restricted_page_gives_no_part(home, visitor):
    PageViewRestriction.objects.create(page=home, restriction_type="login")

    assert visitor.get(f"/medborgare/pages/{home.pk}/parts/").status_code == 404
    assert visitor.get(f"/medborgare/pages/{home.pk}/").status_code == 302


def test_parts_come_from_the_page_cache_for_those_with_equal_answers(
    home, child, visitor, other_visitor, django_assert_num_queries
):
    visitor.choose(child)
    other_visitor.choose(child)
    first = parts_for(visitor, home)

    with django_assert_num_queries(0):
        second = parts_for(other_visitor, home)

    assert first == second


def test_an_edge_page_is_kept_once_for_everybody(
    home, child, visitor, other_visitor, django_assert_num_queries
):
    visitor.choose(child)
    visitor.get("/")

    with django_assert_num_queries(0):
        other_visitor.get("/")


def test_the_tag_is_a_part_as_well(visitor, child, settings):
    from django.template import Context, Template
    from django.test import RequestFactory

    from wagtail_medborgare.segments.parts import collect_parts

    request = RequestFactory().get("/")
    page = make_home()
    parts = collect_parts(request, page)
    template = Template(
        "{% load medborgare_tags %}"
        f'{{% personalised only="{child.slug}" %}}Ja{{% otherwise %}}Nej{{% endpersonalised %}}'
    )

    template.render(Context({"request": request}))

    assert list(parts.collected.values()) == ["Nej"]


def test_what_is_personal_inside_a_part_belongs_to_that_part(child):
    from django.template import Context, Template
    from django.test import RequestFactory

    from wagtail_medborgare.segments.parts import collect_parts

    request = RequestFactory().get("/")
    parts = collect_parts(request, make_home())
    inner = f'{{% personalised all_but="{child.slug}" %}}Inre{{% endpersonalised %}}'
    template = Template(
        "{% load medborgare_tags %}"
        f'{{% personalised all_but="{child.slug}" %}}Yttre {inner}{{% endpersonalised %}}'
    )

    template.render(Context({"request": request}))

    assert list(parts.collected.values()) == ["Yttre Inre"]


def test_a_hook_of_the_site_may_answer_instead(home, visitor):
    from django.http import HttpResponse
    from wagtail import hooks

    def closed(page, request, args, kwargs):
        return HttpResponse("Stängt")

    with hooks.register_temporarily("before_serve_page", closed):
        assert visitor.get(f"/medborgare/pages/{home.pk}/").text == "Stängt"
