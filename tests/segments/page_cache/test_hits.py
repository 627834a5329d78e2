"""A personalised page is served from the cache to those with equal answers, only."""

from __future__ import annotations

import pytest
from conftest import VisitorClient
from factories import (
    make_block,
    make_catalogue,
    make_home,
    make_my_services,
    make_notice,
    make_page,
    make_service,
    make_situation,
)
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import DayRule, QueryRule, TimeRule

from wagtail_medborgare.segments.models import LifeSituationRule

pytestmark = pytest.mark.django_db


def test_a_second_view_asks_the_database_nothing(visitor, django_assert_num_queries):
    child = make_situation("Få barn")
    make_home(body=[make_notice("Förskola", child)])
    visitor.choose(child)
    first = visitor.get("/")

    with django_assert_num_queries(0):
        second = visitor.get("/")

    assert "Förskola" in first.text
    assert second.content == first.content
    assert second["Cache-Control"] == "private, no-store"
    assert dict(second.headers) == dict(first.headers)


def test_visitors_with_equal_answers_share_a_body(renderings):
    child, house, car = (make_situation(name) for name in ("Barn", "Hus", "Bil"))
    make_home(body=[make_notice("Förskola", child), make_notice("Bygglov", house)])
    visitors = [VisitorClient() for _ in range(4)]
    for number, visitor in enumerate(visitors):
        # Two never asked about, so it makes no difference who has chosen the car.
        visitor.choose(*([child], [child, car], [house], [car])[number])

    texts = [visitor.get("/").text for visitor in visitors]

    assert len(renderings) == 3
    assert texts[0] == texts[1]
    assert ["Förskola" in text for text in texts] == [True, True, False, False]
    assert ["Bygglov" in text for text in texts] == [False, False, True, False]


def test_a_question_in_one_branch_only_is_learnt_when_it_is_asked(renderings):
    child, house = make_situation("Barn"), make_situation("Hus")
    inner = {"mode": "only", "situations": [house.pk], "segments": []}
    outer = {"mode": "only", "situations": [child.pk], "segments": []}
    variants = [
        {"audience": outer, "content": {"heading": "Till barn"}},
        {"audience": inner, "content": {"heading": "Till hus"}},
    ]
    make_home(
        body=[
            make_block(
                "variants", variants=variants, default=[{"heading": "Till alla"}]
            )
        ]
    )
    visitors = {
        name: VisitorClient() for name in ("Till barn", "Till hus", "Till alla")
    }
    visitors["Till barn"].choose(child)
    visitors["Till hus"].choose(house)

    for _ in range(3):
        for expected, visitor in visitors.items():
            text = visitor.get("/").text
            assert {name for name in visitors if name in text} == {expected}

    # The first was made before the second question was known.
    assert len(renderings) == 4


def test_a_page_that_asks_nothing_has_one_body_for_all(
    visitor, other_visitor, renderings
):
    make_home(body=[{"type": "text", "value": "Hej"}])
    visitor.choose(make_situation())

    first, second = visitor.get("/"), other_visitor.get("/")

    assert len(renderings) == 1
    assert first.content == second.content
    assert "Cache-Control" not in second


def test_a_page_with_the_chooser_is_kept_for_each_set_of_choices(renderings):
    child, house = make_situation("Barn"), make_situation("Hus")
    make_home(body=[make_block("chooser", heading="Vad händer?", intro="", first=6)])
    visitors = [VisitorClient() for _ in range(4)]
    visitors[1].choose(child)
    visitors[2].choose(child, house)
    visitors[3].choose(house, child)

    texts = [visitor.get("/").text for visitor in visitors]

    assert len(renderings) == 3
    assert len(set(texts)) == 3
    assert texts[2] == texts[3]


def test_my_services_is_kept_for_those_who_saved_nothing(visitor, renderings):
    child = make_situation("Barn")
    home = make_home()
    make_my_services(home)
    make_catalogue(home)
    service = make_service("Förskola", situations=[child])
    visitor.choose(child)

    assert renderings.of(visitor, "/mina-tjanster/") == 1
    assert renderings.of(visitor, "/mina-tjanster/") == 0

    visitor.submit("/medborgare/save/", {"kind": "service", "key": str(service.pk)})
    assert renderings.of(visitor, "/mina-tjanster/") == 1
    assert renderings.of(visitor, "/mina-tjanster/") == 1

    visitor.submit("/medborgare/unsave/", {"kind": "service", "key": str(service.pk)})
    assert renderings.of(visitor, "/mina-tjanster/") == 0


def test_what_a_page_says_about_the_device_is_kept_apart(renderings):
    child = make_situation("Barn")
    make_home(body=[make_block("chooser", heading="Vad händer?", intro="", first=6)])
    remembered, forgotten = VisitorClient(), VisitorClient()
    remembered.choose(child, remember=True)
    forgotten.choose(child)

    texts = [item.get("/").text for item in (remembered, forgotten, remembered)]

    assert texts[0] == texts[2] != texts[1]
    assert len(renderings) == 2


def test_why_do_i_see_this_is_answered_for_each_visitor(renderings, settings):
    child, house = make_situation("Barn"), make_situation("Hus")
    audience = {"mode": "only", "situations": [child.pk, house.pk], "segments": []}
    make_home(
        body=[make_block("teaser", audience=audience, content={"heading": "Bidrag"})]
    )
    visitors = [VisitorClient(), VisitorClient()]
    visitors[0].choose(child)
    visitors[1].choose(house)

    texts = [visitor.get("/").text for visitor in visitors * 2]

    assert texts[:2] == texts[2:]
    assert "Barn" in texts[0]
    assert "Hus" not in texts[0]
    assert "Hus" in texts[1]
    assert len(renderings) == 2


def test_a_sensitive_yes_leaves_no_trace_in_the_cache(
    visitor, other_visitor, renderings
):
    violence = make_situation("Våld", is_sensitive=True)
    make_home(body=[make_notice("Skydd", violence)])
    visitor.choose(violence)

    assert "Skydd" not in other_visitor.get("/").text
    for _ in range(2):
        assert "Skydd" in visitor.get("/").text
    assert renderings.of(other_visitor, "/") == 0

    assert len(renderings) == 3


def test_everyone_but_those_in_something_sensitive_tells_as_much(visitor, renderings):
    violence = make_situation("Våld", is_sensitive=True)
    make_home(body=[make_notice("Till andra", violence, mode="except")])
    visitor.choose(violence)

    texts = [visitor.get("/").text for _ in range(2)]

    assert "Till andra" not in texts[0] + texts[1]
    assert len(renderings) == 2


def test_a_sensitive_choice_costs_nothing_where_nobody_asks_about_it(
    visitor, other_visitor, renderings
):
    child = make_situation("Barn")
    make_home(body=[make_notice("Förskola", child)])
    other_visitor.choose(child)
    visitor.choose(child, make_situation("Våld", is_sensitive=True))

    texts = [other_visitor.get("/").text, visitor.get("/").text]

    assert texts[0] == texts[1]
    assert len(renderings) == 1


def test_the_whole_set_is_not_stored_when_something_in_it_is_sensitive(
    visitor, renderings
):
    make_home(body=[make_block("chooser", heading="Vad händer?", intro="", first=6)])
    visitor.choose(make_situation("Våld", is_sensitive=True))

    assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


def segment_with(*rules, **fields) -> Segment:
    segment = Segment.objects.create(name="S", status="enabled", **fields)
    for make in rules:
        make(segment)
    return segment


def test_a_segment_of_situations_is_asked_anew_for_each_visitor(renderings):
    child, house = make_situation("Barn"), make_situation("Hus")
    segment = segment_with(
        *(
            lambda segment, item=item: LifeSituationRule.objects.create(
                segment=segment, situation=item
            )
            for item in (child, house)
        )
    )
    make_home(body=[make_notice("Ny familj i nytt hus", segments=[segment])])
    visitors = [VisitorClient() for _ in range(3)]
    visitors[0].choose(child)
    visitors[1].choose(child, house)

    seen = ["Ny familj" in visitor.get("/").text for visitor in visitors * 2]

    assert seen == [False, True, False] * 2
    # The first did not ask about the house: its rule stood second.
    assert len(renderings) <= 4


def test_a_segment_that_names_something_sensitive_is_as_sensitive(visitor, renderings):
    violence = make_situation("Våld", is_sensitive=True)
    segment = segment_with(
        lambda item: LifeSituationRule.objects.create(segment=item, situation=violence)
    )
    make_home(body=[make_notice("Skydd", segments=[segment])])
    visitor.choose(violence)

    assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


def test_a_query_rule_puts_its_parameter_on_the_list(visitor, renderings):
    segment = segment_with(
        lambda item: QueryRule.objects.create(
            segment=item, parameter="utm_campaign", value="sommar"
        )
    )
    make_home(body=[make_notice("Sommarjobb", segments=[segment])])

    seen = [
        "Sommarjobb" in visitor.get(path).text
        for path in ("/", "/?utm_campaign=sommar", "/?utm_campaign=vinter") * 2
    ]

    assert seen == [False, True, False] * 2
    assert len(renderings) == 3


def test_a_rule_about_the_day_is_kept_until_midnight(visitor, renderings, time_machine):
    segment = segment_with(lambda item: DayRule.objects.create(segment=item, sun=True))
    make_home(body=[make_notice("Söndagsöppet", segments=[segment])])

    time_machine.move_to("2026-11-22T22:58:00+00:00")  # Sunday, 23:58 in Stockholm.
    assert "Söndagsöppet" in visitor.get("/").text
    assert renderings.of(visitor, "/") == 0
    time_machine.move_to("2026-11-22T23:01:00+00:00")
    assert "Söndagsöppet" not in visitor.get("/").text


def test_a_rule_that_looks_at_the_clock_is_asked_each_time(visitor, renderings):
    segment = segment_with(
        lambda item: TimeRule.objects.create(
            segment=item, start_time="00:00", end_time="23:59"
        )
    )
    make_home(body=[make_notice("Öppet nu", segments=[segment])])

    assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


def test_a_static_segment_matches_nobody_and_spoils_nothing(visitor, renderings):
    segment = segment_with(type=Segment.TYPE_STATIC)
    make_home(body=[make_notice("Aldrig", segments=[segment])])

    assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 0]


def test_very_many_questions_become_the_whole_set(renderings):
    situations = [make_situation(f"S{number}") for number in range(40)]
    make_home(body=[make_notice(f"N{item.pk}.", item) for item in situations])
    visitors = [VisitorClient() for _ in range(3)]
    visitors[1].choose(situations[3])
    visitors[2].choose(situations[3])

    texts = [visitor.get("/").text for visitor in visitors * 2]

    assert texts[:3] == texts[3:]
    assert f"N{situations[3].pk}." in texts[1]
    assert texts[1] == texts[2]
    assert len(renderings) == 2


def test_only_so_many_forms_of_a_page_are_kept_and_the_unused_go_first(
    renderings, settings
):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_BODIES = 3
    situations = [make_situation(f"S{number}") for number in range(5)]
    make_home(body=[make_block("chooser", heading="Vad händer?", intro="", first=6)])
    visitors = [VisitorClient() for _ in situations]
    for visitor, situation in zip(visitors, situations, strict=True):
        visitor.choose(situation)
    for visitor in visitors[:3]:
        visitor.get("/")
    visitors[0].get("/")  # Used again: the second is now the least used.

    visitors[3].get("/")

    assert [renderings.of(visitors[number], "/") for number in (0, 2, 3)] == [0, 0, 0]
    assert renderings.of(visitors[1], "/") == 1


def test_pages_are_kept_for_each_language_and_host(visitor, renderings):
    make_home(body=[{"type": "text", "value": "Hej"}])

    for _ in range(2):
        visitor.get("/", headers={"Accept-Language": "sv"})
        visitor.get("/", headers={"Accept-Language": "en"})
        visitor.get("/", headers={"Accept-Language": "en;q=0.9, xx"})
        visitor.get("/", headers={"Host": "other.test"})

    assert len(renderings) == 3


def test_two_pages_do_not_share_anything(visitor, renderings):
    home = make_home(title="Start")
    make_page(home, slug="en", title="En")

    texts = [visitor.get(path).text for path in ("/", "/en/") * 2]

    assert texts[0] != texts[1]
    assert texts[:2] == texts[2:]
