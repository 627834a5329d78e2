"""What is told of the blocks of a page: for whom, for nobody, and who sees less."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from factories import make_block, make_home, make_notice, make_situation
from segments.explained import (
    OuterBlock,
    chose,
    make_segment,
    of,
    on_monday,
)
from testapp.models import BodyBlock, TeaserBlock
from wagtail.blocks import CharBlock, RawHTMLBlock, StreamBlock, StructBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from wagtail_medborgare.segments.blocks import (
    AudienceBlock,
    ForYouBlock,
    PersonalisedBlock,
    PersonalisedStructBlock,
    SituationChooserBlock,
)
from wagtail_medborgare.segments.blocks.personalised import PersonalPartMixin
from wagtail_medborgare.segments.explaining import (
    Answer,
    WhoSees,
    answer_for,
    parts_of_stream,
    who_sees,
)
from wagtail_medborgare.segments.explaining.logic import (
    Fact,
    all_of,
    any_of,
    is_possible,
    negated,
)
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.visitors.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def child() -> LifeSituation:
    return make_situation("Having a child")


@pytest.fixture
def moving() -> LifeSituation:
    return make_situation("Moving here")


@pytest.fixture
def company() -> LifeSituation:
    return make_situation("Starting a company")


def body(*children: dict[str, Any]) -> Any:
    return BodyBlock().to_python(list(children))


def parts(*children: dict[str, Any]) -> WhoSees:
    return WhoSees(parts_of_stream(body(*children), "body"))


def words(changes: Any) -> list[str]:
    return [change.part.words for change in changes]


def variants(*audiences: dict[str, Any], otherwise: bool = True) -> dict[str, Any]:
    return make_block(
        "variants",
        variants=[
            {"audience": audience, "content": {"heading": f"Variant {number}"}}
            for number, audience in enumerate(audiences, start=1)
        ],
        default=[{"heading": "For the others"}] if otherwise else [],
    )


def test_each_block_has_its_label_its_words_and_its_place(child):
    stream = body(
        make_block("notice", text="Apply " * 20, audience=of(child)) | {"id": "abc"}
    )

    (part,) = parts_of_stream(stream, "body")

    assert (part.label, part.path) == ("Notice", ("body", "0"))
    assert part.words == "Apply Apply Apply Apply Apply Apply Apply Apply…"
    assert part.anchor == "#block-abc-section"
    assert part.sentence == "Shown to those who have chosen Having a child"


def test_a_block_is_called_by_its_words_or_else_by_its_type(child):
    notice, without_words, like_its_type = parts(
        make_notice("Apply now", child),
        make_notice("", child),
        make_notice("Notice", child),
    ).parts

    assert notice.title == "Notice: Apply now"
    assert without_words.title == like_its_type.title == "Notice"


def test_what_each_situation_gets_and_loses(child, moving, company):
    seen = parts(
        make_notice("For parents", child),
        make_notice("Not for movers", moving, mode="except"),
        make_block("text", value="For all") | {"value": "For all"},
    )

    by_name = {item.situation.name: item for item in seen.differences}

    assert by_name.keys() == {"Having a child", "Moving here"}
    assert words(by_name["Having a child"].gains) == ["For parents"]
    assert by_name["Having a child"].loses == ()
    assert words(by_name["Moving here"].loses) == ["Not for movers"]
    assert [item.situation.name for item in seen.worse_off] == ["Moving here"]


def test_one_variant_for_another_is_no_loss(child):
    seen = parts(variants(of(child)))

    (difference,) = seen.differences

    assert words(difference.gains) == ["Variant 1"]
    assert difference.loses == ()
    assert seen.worse_off == ()


def test_a_block_for_those_who_chose_something(child):
    (part,) = parts(make_block("pages_for_you", heading="", limit=6)).parts

    assert part.sentence == "Shown to those who have chosen something"
    assert answer_for(part.condition, set()) == Answer.NO
    assert answer_for(part.condition, {child.pk}) == Answer.YES


def test_a_block_that_nobody_sees_is_told_with_the_reason(child, moving):
    gone = make_situation("Gone")
    for_gone = make_notice("Lost", gone)
    gone.delete()
    seen = parts(
        for_gone,
        variants(of(child), of(child), {"mode": "everyone"}, of(moving)),
    )

    reasons = [part.why_nobody for part in seen.unseen]

    assert reasons == [
        "Shown to nobody: what it was made for has been deleted or switched off",
        "An earlier variant is always shown in its place",
        "An earlier variant is always shown in its place",
        "An earlier variant is always shown in its place",
    ]


def test_contradictory_nesting_is_found(child):
    value = OuterBlock().to_python(
        [
            make_block(
                "wrapped",
                audience=of(child, mode="except"),
                content=[
                    {
                        "type": "listed",
                        "value": [{"audience": of(child), "content": "never"}],
                    }
                ],
            )
        ]
    )

    seen = WhoSees(parts_of_stream(value, "body"))

    (part,) = seen.unseen
    assert part.words == "never"
    assert part.why_nobody == "Nobody who sees “Wrapped” is among those it is for"


def test_a_block_inside_one_that_nobody_sees_says_so(child):
    value = OuterBlock().to_python(
        [
            make_block(
                "wrapped",
                audience={"mode": "only"},
                content=[
                    {
                        "type": "listed",
                        "value": [{"audience": of(child), "content": "x"}],
                    }
                ],
            )
        ]
    )

    outer, inner = parts_of_stream(value, "body")

    assert outer.why_nobody == "Shown to nobody: no situation is chosen"
    assert inner.why_nobody == "Nobody sees the block that it stands inside"
    assert WhoSees((outer, inner)).unseen == (outer,)


def test_each_part_says_whom_it_leaves_out(child):
    first, second, otherwise = parts(
        variants(of(child), of(child, mode="except"))
    ).parts
    (anything,) = parts(make_block("pages_for_you", heading="", limit=6)).parts

    assert first.leaves_out == "Leaves out everyone who has not chosen Having a child"
    assert second.leaves_out == "Leaves out those who have chosen Having a child"
    assert (first.is_later_variant, second.is_later_variant) == (False, True)
    assert otherwise.leaves_out == "Leaves out everyone whom a variant fits"
    assert anything.leaves_out == "Leaves out everyone who has chosen nothing"


def test_a_long_search_never_says_that_nobody_can():
    """Seven letters cannot lie in six boxes alone; finding that out takes too long."""
    places = [[Fact("lies in", (item, box)) for box in range(6)] for item in range(7)]
    each_somewhere = [any_of(boxes) for boxes in places]
    none_together = [
        negated(all_of([places[one][box], places[other][box]]))
        for box in range(6)
        for one in range(7)
        for other in range(one)
    ]

    assert is_possible(all_of([*each_somewhere, *none_together]))
    assert not is_possible(all_of([places[0][0], negated(places[0][0])]))


def test_a_block_of_the_sites_own_with_an_audience_in_it_counts(child):
    block = StreamBlock(
        [("box", StructBlock([("audience", AudienceBlock()), ("text", CharBlock())]))]
    )
    value = block.to_python([make_block("box", audience=of(child), text="x")])

    (part,) = parts_of_stream(value, "body")

    assert part.sentence == "Shown to those who have chosen Having a child"


class MondayMixin:
    """Decides by the day, whatever audience there is."""

    def is_visible(self, value: Any, visitor: Visitor) -> bool:
        return datetime.date.today().weekday() == 0


class MondayBlock(MondayMixin, PersonalisedStructBlock):
    text = CharBlock()


class MondaySuggestionsBlock(MondayMixin, ForYouBlock):
    text = CharBlock()


class MondayChooserBlock(MondayMixin, SituationChooserBlock):
    text = CharBlock()


@pytest.mark.parametrize(
    "block", [MondayBlock, MondaySuggestionsBlock, MondayChooserBlock]
)
def test_a_block_that_decides_by_itself_is_said_to(child, block):
    stream = StreamBlock([("monday", block())])

    (part,) = parts_of_stream(
        stream.to_python([make_block("monday", text="x", audience=of(child))]), "body"
    )

    assert part.sentence == "Decides by itself who sees it"
    assert part.leaves_out == ""
    assert answer_for(part.condition, {child.pk}) == Answer.MAY


class MondayScriptBlock(MondayMixin, PersonalPartMixin, RawHTMLBlock):
    """No fields of its own, and no blocks inside it."""


def test_a_block_without_fields_that_decides_by_itself_is_said_to(child):
    stream = StreamBlock([("script", MondayScriptBlock())])

    (part,) = parts_of_stream(
        stream.to_python([{"type": "script", "value": "<b>Monday</b>"}]), "body"
    )

    assert part.title == "Script"
    assert part.sentence == "Decides by itself who sees it"


def test_the_cells_of_a_table_are_told(child, moving):
    block = StreamBlock(
        [("table", TypedTableBlock([("cell", PersonalisedBlock(CharBlock()))]))]
    )
    table = {
        "columns": [{"type": "cell", "heading": heading} for heading in "AB"],
        "rows": [
            {
                "values": [
                    {"audience": of(child), "content": "For parents"},
                    {"audience": of(moving, mode="except"), "content": "Not movers"},
                ]
            }
        ],
        "caption": "",
    }
    value = block.to_python([{"type": "table", "value": table, "id": "abc"}])

    first, second = parts_of_stream(value, "body")

    assert (first.title, second.title) == ("Cell: For parents", "Cell: Not movers")
    assert (first.path, second.path) == (
        ("body", "0", "0", "0"),
        ("body", "0", "0", "1"),
    )
    assert first.anchor == second.anchor == "#block-abc-section"
    assert second.sentence == (
        "Shown to everyone but those who have chosen Moving here"
    )


def test_what_may_be_gained_or_missed_is_said_to_be_uncertain(child):
    segment = make_segment("Parents on Mondays")
    chose(segment, child)
    on_monday(segment)
    audience = {"mode": "only", "segments": [segment.pk]}

    (difference,) = parts(make_block("notice", text="x", audience=audience)).differences

    assert [change.is_certain for change in difference.gains] == [False]


def test_a_block_for_everyone_is_not_listed(child):
    seen = parts(
        make_block("notice", text="x", audience={"mode": "everyone"}),
        make_block("chooser", heading="", intro="", first=6),
    )

    assert len(seen.parts) == 1
    assert (seen.listed, seen.for_some, seen.differences) == ((), (), ())


def test_blocks_that_hold_nothing_personal_are_not_read(django_assert_num_queries):
    from wagtail.images.blocks import ImageChooserBlock

    block = StreamBlock([("image", ImageChooserBlock()), ("notice", TeaserBlock())])
    value = block.to_python([{"type": "image", "value": 1}])

    with django_assert_num_queries(0):
        assert parts_of_stream(value, "body") == ()


def test_a_page_is_told_without_a_query(child, moving):
    home = make_home(
        body=[
            *(make_notice(f"Block {number}", child) for number in range(20)),
            variants(of(child), of(moving)),
        ]
    )
    home = type(home).objects.get(pk=home.pk)
    who_sees(home)  # The snapshots are read.

    with CaptureQueriesContext(connection) as queries:
        seen = who_sees(home)
        assert len(seen.listed) == 23
        assert len(seen.differences) == 2
        assert [part.sentence for part in seen.listed]

    assert len(queries) == 0
