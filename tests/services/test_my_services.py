"""My services: useful with nothing chosen, and it says why with something chosen."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import (
    make_catalogue,
    make_home,
    make_my_services,
    make_page,
    make_service,
    make_situation,
    make_unit,
)
from wagtail import hooks
from wagtail.models import Locale

from wagtail_medborgare.services.modules import (
    BaseModule,
    module_kinds,
    rendered_module,
)

pytestmark = pytest.mark.django_db

PATH = "/mina-tjanster/"
DEADLINE = {"label": "Sista dag", "date": datetime.date(2020, 1, 15), "is_yearly": True}


@pytest.fixture
def child() -> Any:
    return make_situation("Få barn")


@pytest.fixture
def house() -> Any:
    return make_situation("Bygga")


@pytest.fixture(autouse=True)
def home() -> Any:
    home = make_home()
    make_my_services(home)
    return home


def module_of(response: Any, name: str) -> Any:
    found = [item for item in response.context["rendered_modules"] if item.name == name]
    return found[0].context if found else None


def test_it_is_useful_with_nothing_chosen(visitor, child):
    response = visitor.get(PATH)

    assert response.status_code == 200
    assert 'value="fa-barn"' in response.text
    assert not response.cookies


def test_it_shows_services_of_the_choice_and_says_why(visitor, home, child, house):
    make_catalogue(home)
    unit = make_unit("Barn och utbildning")
    make_service(
        "Ansök om förskola", situations=[child], unit=unit, deadlines=[DEADLINE]
    )
    make_service("Ansök om bygglov", situations=[house])
    visitor.get(PATH)

    answer = visitor.choose(child)
    response = visitor.get(PATH)

    assert (answer.status_code, answer["Location"]) == (303, PATH)
    assert "Ansök om förskola" in response.text
    assert "Barn och utbildning" in response.text
    assert "Ansök om bygglov" not in response.text
    assert "/tjanster/ansok-om-forskola/" in response.text
    assert response["Cache-Control"] == "private, no-store"
    group = module_of(response, "services")["groups"][0]
    assert [item.name for item in group.services[0].reasons] == ["Få barn"]


def test_dates_come_nearest_first(visitor, child, time_machine):
    time_machine.move_to("2026-11-22 12:00:00+00:00")
    make_service(
        situations=[child],
        deadlines=[
            {"label": "over", "date": datetime.date(2026, 11, 21)},
            {"label": "spring", "date": datetime.date(2027, 4, 1)},
            {"label": "today", "date": datetime.date(2026, 11, 22)},
            {"label": "January", "date": datetime.date(2019, 1, 15), "is_yearly": True},
            {
                "label": "November",
                "date": datetime.date(2019, 11, 1),
                "is_yearly": True,
            },
            {"label": "in years", "date": datetime.date(2029, 1, 1)},
        ],
    )
    visitor.choose(child)

    items = module_of(visitor.get(PATH), "now")["items"]

    assert [item.deadline.label for item in items] == [
        "today",
        "January",
        "spring",
        "November",
    ]
    assert items[0].days == 0
    assert items[1].date == datetime.date(2027, 1, 15)


def test_no_dates_is_said_in_words(visitor, child):
    visitor.choose(child)

    assert "mb-now" in visitor.get(PATH).text


def test_a_service_stands_once_with_all_its_reasons(visitor, child, house):
    service = make_service("Both", situations=[child, house])
    visitor.choose(child, house)

    groups = module_of(visitor.get(PATH), "services")["groups"]

    shown = [
        (item.service.pk, len(item.reasons))
        for group in groups
        for item in group.services
    ]
    assert shown == [(service.pk, 2)]


def test_a_situation_without_content_says_so(visitor, child):
    visitor.choose(child)

    group = module_of(visitor.get(PATH), "services")["groups"][0]

    assert (group.total, group.services) == (0, [])


def test_what_is_not_for_me_is_gone_and_can_be_brought_back(visitor, child):
    service = make_service("Not this", situations=[child])
    visitor.choose(child)
    visitor.submit("/medborgare/dismiss/", {"kind": "service", "key": service.pk})

    context = module_of(visitor.get(PATH), "services")

    assert context["groups"][0].services == []
    assert [item.service.pk for item in context["dismissed"]] == [service.pk]


def test_what_is_saved_stands_under_saved(visitor, child):
    first, second = make_service("First"), make_service("Second")
    for service in (first, second):
        visitor.submit("/medborgare/save/", {"kind": "service", "key": service.pk})

    items = module_of(visitor.get(PATH), "saved")["items"]

    assert [item.service for item in items] == [second, first]


def test_a_saved_service_is_shown_in_the_language_of_the_page(visitor, settings):
    finnish = Locale.objects.create(language_code="fi")
    service = make_service("Förskola")
    translation = service.copy_for_translation(finnish)
    translation.name, translation.slug, translation.live = "Esikoulu", "esikoulu", True
    translation.save()
    visitor.submit("/medborgare/save/", {"kind": "service", "key": service.pk})

    response = visitor.get(PATH, headers={"Accept-Language": "fi"})

    (item,) = module_of(response, "saved")["items"]
    assert item.service == translation
    assert item.key == service.pk


def test_a_service_flagged_as_sensitive_later_is_no_longer_saved(visitor):
    service = make_service("Rådgivning")
    visitor.submit("/medborgare/save/", {"kind": "service", "key": service.pk})

    service.is_sensitive = True
    service.save()

    assert module_of(visitor.get(PATH), "saved")["items"] == []


def test_unpublished_services_are_shown_to_nobody(visitor, child):
    make_service("Draft", situations=[child], live=False)
    visitor.choose(child)

    assert "Draft" not in visitor.get(PATH).text


def test_pages_and_people_of_the_choice_are_there(visitor, home, child):
    make_page(home, title="Om förskolan", situations=[child])
    unit = make_unit("Barn och utbildning", phone="031-390 06 01")
    unit.life_situations.set([child])
    unit.save()
    visitor.choose(child)

    response = visitor.get(PATH)

    assert "Om förskolan" in response.text
    assert 'href="tel:0313900601"' in response.text


def test_searching_finds_in_the_whole_catalogue(visitor):
    make_service("Ansök om bygglov", summary="Bygga hus")
    make_service("Förskola")

    response = visitor.get(f"{PATH}?q=bygglov")
    nothing = visitor.get(f"{PATH}?q=finnsinte")

    assert [hit.service.name for hit in module_of(response, "search")["hits"]] == [
        "Ansök om bygglov"
    ]
    assert module_of(nothing, "search")["hits"] == []


@pytest.mark.parametrize("query", ["\x00", "%00%00", "å" * 5000, "'\"();--", "\u202e"])
def test_odd_searches_are_no_error(visitor, query):
    assert visitor.get(PATH, data={"q": query}).status_code == 200


def test_editors_choose_the_modules_and_their_order(visitor, home, child):
    make_my_services(
        home,
        slug="egen",
        modules=[
            {"type": "module", "value": {"kind": "search", "heading": "Hitta"}},
            {"type": "module", "value": {"kind": "situations", "heading": ""}},
            {"type": "module", "value": {"kind": "of-a-room-left-out", "heading": ""}},
        ],
    )

    modules = visitor.get("/egen/").context["rendered_modules"]

    assert [(item.name, item.heading) for item in modules][0] == ("search", "Hitta")
    assert [item.name for item in modules] == ["search", "situations"]


class GreetingModule(BaseModule):
    """A module of the site's own."""

    name = "greeting"
    label = "Greeting"
    template_name = "medborgare_services/modules/about.html"
    order = 50

    def get_context(self, visitor: Any, request: Any) -> dict[str, Any]:
        return {"chosen": visitor.situations}


@pytest.mark.parametrize("contribution", [GreetingModule, [GreetingModule]])
def test_a_site_adds_a_module_of_its_own(visitor, contribution):
    with hooks.register_temporarily(
        "register_medborgare_modules", lambda: contribution
    ):
        first = next(iter(module_kinds()))
        response = visitor.get(PATH)

    assert first == "greeting"
    assert response.context["rendered_modules"][0].name == "greeting"


def test_a_module_renders_without_a_request():
    assert rendered_module("situations", request=None).context["chosen"] == ()
    assert rendered_module("services", request=None) is None


def test_a_module_block_can_stand_on_any_page():
    from wagtail_medborgare.services.blocks import ModuleBlock

    block = ModuleBlock()
    value = block.to_python({"kind": "search", "heading": "Hitta"})

    assert "Hitta" in block.render(value)
    assert block.render(block.to_python({"kind": "gone"})).strip() == ""


def queries_at(visitor: Any) -> int:
    visitor.get(PATH)
    with CaptureQueriesContext(connection) as queries:
        visitor.get(PATH)
    return len(queries)


def test_the_number_of_queries_does_not_grow(visitor, home, child, house):
    def add(count: int) -> None:
        for _ in range(count):
            make_service(situations=[child, house], deadlines=[DEADLINE])
            make_service(situations=[child])
            make_page(home, situations=[child])

    make_catalogue(home)
    add(2)
    visitor.choose(child, house)
    few = queries_at(visitor)
    add(30)

    assert queries_at(visitor) == few
    print(f"My services: {few} queries at 2 and at 32 services and pages")


def test_the_blocks_of_this_room_stand_on_any_page(visitor, home, child):
    service = make_service("Förskola", situations=[child], deadlines=[DEADLINE])
    home.body = home.body.stream_block.to_python(
        [
            {"type": "services_for_you", "value": {"heading": "Tjänster", "limit": 5}},
            {"type": "deadlines_for_you", "value": {"heading": "Datum", "limit": 5}},
        ]
    )
    home.save()

    nothing = visitor.get("/").text
    visitor.choose(child)
    something = visitor.get("/").text

    assert "Tjänster" not in nothing
    assert service.name in something
    assert "Sista dag" in something
    assert 'href="/mina-tjanster/"' in something


def test_everything_is_one_press_away_without_a_catalogue(visitor):
    make_service("Ansök om bygglov")
    for number in range(60):
        make_service(f"Övrigt {number:02}")

    first = visitor.get(PATH)
    everything = visitor.get(f"{PATH}?all=1")
    rest = visitor.get(f"{PATH}?all=1&p=2")

    assert 'href="?all=1#mb-search"' in first.text
    assert "Ansök om bygglov" not in first.text
    assert "Ansök om bygglov" in everything.text
    assert 'href="?all=1&amp;p=2"' in everything.text
    assert "Övrigt 59" in rest.text


def test_everything_stands_on_a_page_of_its_own_where_there_is_one(visitor, home):
    make_catalogue(home)
    make_service("Ansök om bygglov")

    response = visitor.get(f"{PATH}?all=1")

    assert 'href="/tjanster/"' in response.text
    assert "Ansök om bygglov" not in response.text
