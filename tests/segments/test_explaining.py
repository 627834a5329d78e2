"""Who sees what, in words, and whether the words agree with what is rendered."""

from __future__ import annotations

import datetime
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from factories import make_block, make_home, make_notice, make_situation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testapp.models import BodyBlock, TeaserBlock
from wagtail.blocks import CharBlock, ListBlock, StreamBlock, StructBlock
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import (
    DayRule,
    DeviceRule,
    OriginCountryRule,
    QueryRule,
    ReferralRule,
    TimeRule,
    UserIsLoggedInRule,
    VisitCountRule,
)

from wagtail_medborgare.segments.audiences import Audience, Mode
from wagtail_medborgare.segments.blocks import (
    AudienceBlock,
    ForYouBlock,
    PersonalisedBlock,
    PersonalisedStreamBlock,
    PersonalisedStructBlock,
    SituationChooserBlock,
    VariantsBlock,
)
from wagtail_medborgare.segments.explaining import (
    Answer,
    WhoSees,
    answer_for,
    condition_of,
    leaves_out,
    parts_of_stream,
    sentence_of_segment,
    shown_to,
    who_sees,
)
from wagtail_medborgare.segments.explaining.logic import (
    Fact,
    all_of,
    any_of,
    is_possible,
    negated,
)
from wagtail_medborgare.segments.models import LifeSituationRule
from wagtail_medborgare.segments.snapshot import segments
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


def make_segment(name: str, *, match_any: bool = False, **fields: Any) -> Segment:
    return Segment.objects.create(
        name=name,
        status=fields.pop("status", Segment.STATUS_ENABLED),
        match_any=match_any,
        **fields,
    )


def on_monday(segment: Segment) -> None:
    DayRule.objects.create(segment=segment, mon=True)


def chose(segment: Segment, *situations: LifeSituation) -> None:
    for situation in situations:
        LifeSituationRule.objects.create(segment=segment, situation=situation)


# --- An audience as a sentence ---


def test_everyone():
    assert shown_to(Audience()) == "Shown to everyone"
    assert leaves_out(Audience()) == "Leaves out nobody"


def test_names_are_joined_as_the_language_joins_them(child, moving, company):
    three = Audience.only(child.pk, moving.pk, company.pk)

    assert shown_to(Audience.only(child.pk)) == (
        "Shown to those who have chosen Having a child"
    )
    assert shown_to(three) == (
        "Shown to those who have chosen Having a child, Moving here or "
        "Starting a company"
    )
    assert leaves_out(three) == (
        "Leaves out everyone who has not chosen Having a child, Moving here or "
        "Starting a company"
    )


def test_everyone_but_some(child, moving):
    audience = Audience.all_but(child.pk, moving.pk)

    assert shown_to(audience) == (
        "Shown to everyone but those who have chosen Having a child or Moving here"
    )
    assert leaves_out(audience) == (
        "Leaves out those who have chosen Having a child or Moving here"
    )


def test_what_is_deleted_is_for_nobody_and_is_left_out_of_the_names(child, moving):
    both = Audience.only(child.pk, moving.pk)
    only = Audience.only(child.pk)
    child.delete()

    assert shown_to(only) == (
        "Shown to nobody: what it was made for has been deleted or switched off"
    )
    assert leaves_out(only) == "Leaves out everyone"
    assert shown_to(both) == "Shown to those who have chosen Moving here"
    assert shown_to(Audience.all_but(child.pk or 1)).startswith("Shown to everyone: ")


def test_what_residents_cannot_choose_is_named(child):
    child.is_active = False
    child.save()

    assert shown_to(Audience.only(child.pk)) == (
        "Shown to nobody: residents cannot choose Having a child"
    )
    assert shown_to(Audience.all_but(child.pk)) == (
        "Shown to everyone: residents cannot choose Having a child"
    )


def test_an_audience_that_is_not_chosen_yet():
    assert shown_to(Audience(Mode.EXCEPT)) == (
        "Shown to everyone: no situation is chosen"
    )
    assert leaves_out(Audience(Mode.EXCEPT)) == "Leaves out nobody"
    assert shown_to(Audience(Mode.ONLY)) == ("Shown to nobody: no situation is chosen")


def test_a_segment_of_several_rules_is_told_by_its_rules(child):
    segment = make_segment("Parents on Mondays")
    chose(segment, child)
    on_monday(segment)

    audience = Audience.only(segments=[segment.pk])

    assert shown_to(audience) == (
        "Shown to those who have chosen Having a child and visit on Monday"
    )
    assert shown_to(Audience.all_but(segments=[segment.pk])) == (
        "Shown to everyone but those who have chosen Having a child and visit on Monday"
    )


def test_a_segment_that_one_rule_is_enough_for(child, moving):
    segment = make_segment("Any of these", match_any=True)
    chose(segment, child)
    TimeRule.objects.create(
        segment=segment,
        start_time=datetime.time(22),
        end_time=datetime.time(6, 30),
    )

    assert shown_to(Audience.only(moving.pk, segments=[segment.pk])) == (
        "Shown to those who have chosen Moving here or those who have chosen "
        "Having a child or visit between 22:00 and 06:30"
    )


def test_a_segment_of_one_situation_is_that_situation(child, moving):
    owned = Segment.objects.get(situation_segment__situation=child)

    assert shown_to(Audience.only(moving.pk, segments=[owned.pk])) == shown_to(
        Audience.only(moving.pk, child.pk)
    )


def test_a_rule_that_we_do_not_know_describes_itself(child):
    segment = make_segment("Often")
    page = make_home()
    VisitCountRule.objects.create(segment=segment, counted_page=page, count=3)
    chose(segment, child)
    by_any = make_segment("Often or child", match_any=True)
    VisitCountRule.objects.create(segment=by_any, counted_page=page, count=3)
    chose(by_any, child)

    # Visits are not counted: all rules together fit nobody.
    assert shown_to(Audience.only(segments=[segment.pk])).startswith("Shown to nobody")
    assert "fit the rule “These users visited" in shown_to(
        Audience.only(segments=[by_any.pk])
    )


@pytest.mark.parametrize(
    ("rule", "fields", "clause"),
    [
        (DayRule, {"sat": True, "sun": True}, "visit on Saturday or Sunday"),
        (DayRule, {}, "visit on no day of the week"),
        (
            DeviceRule,
            {"mobile": True, "tablet": True},
            "use a mobile phone or a tablet",
        ),
        (DeviceRule, {}, "use no device at all"),
        (
            ReferralRule,
            {"regex_string": "example"},
            "come from an address that fits example",
        ),
        (
            QueryRule,
            {"parameter": "from", "value": "mail"},
            "have ?from=mail in the address of the page",
        ),
        (UserIsLoggedInRule, {"is_logged_in": True}, "are logged in"),
        (UserIsLoggedInRule, {"is_logged_in": False}, "are not logged in"),
        (OriginCountryRule, {"country": "fi"}, "seem to be in Finland"),
    ],
)
def test_each_rule_is_said_in_words(rule, fields, clause):
    segment = make_segment("Own")
    rule.objects.create(segment=segment, **fields)
    audience = Audience.only(segments=[segment.pk])

    assert shown_to(audience) == f"Shown to those who {clause}"
    assert leaves_out(audience) == f"Leaves out everyone but those who {clause}"
    assert leaves_out(Audience.all_but(segments=[segment.pk])) == (
        f"Leaves out those who {clause}"
    )


def test_who_is_in_a_segment(child):
    segment = make_segment("Parents on Mondays")
    chose(segment, child)
    on_monday(segment)
    empty = make_segment("Empty")
    known = segments.get().by_pk

    assert sentence_of_segment(known[segment.pk]) == (
        "Those who have chosen Having a child and visit on Monday"
    )
    assert sentence_of_segment(known[empty.pk]) == "Nobody can be in this segment"


# --- An audience as a condition ---


def test_a_rule_that_is_no_situation_gives_no_certain_answer(child):
    segment = make_segment("Parents on Mondays")
    chose(segment, child)
    on_monday(segment)
    only = condition_of(Audience.only(segments=[segment.pk]))
    all_but = condition_of(Audience.all_but(segments=[segment.pk]))

    assert answer_for(only, {child.pk}) == Answer.MAY
    assert answer_for(only, set()) == Answer.NO
    assert answer_for(all_but, {child.pk}) == Answer.MAY
    assert answer_for(all_but, set()) == Answer.YES


def test_a_switched_off_segment_is_nobody():
    segment = make_segment("Off", status=Segment.STATUS_DISABLED)
    on_monday(segment)

    assert answer_for(condition_of(Audience.only(segments=[segment.pk])), set()) == (
        Answer.NO
    )


# --- The parts of a stream ---


def body(*children: dict[str, Any]) -> Any:
    return BodyBlock().to_python(list(children))


def of(*situations: LifeSituation, mode: str = "only") -> dict[str, Any]:
    return {"mode": mode, "situations": [item.pk for item in situations]}


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


class WithContext:
    """Stands for a template with include_block: Wagtail's own form drops the request."""

    def render_basic(self, value: Any, context: Any = None) -> str:
        bound = value.bound_blocks
        return "".join(
            str(bound[name].render(context)) for name in bound if name != "audience"
        )


class InnerBlock(PersonalisedStreamBlock):
    """What stands inside: blocks, variants, and a list of plain ones."""

    text = CharBlock()
    variants = VariantsBlock(CharBlock())
    listed = ListBlock(PersonalisedBlock(CharBlock()))


class MarkedBlock(WithContext, PersonalisedStructBlock):
    """A block of the site's own with a stream inside it."""

    inner = InnerBlock()


class PlainBlock(WithContext, StructBlock):
    """A block that knows nothing of audiences, with those that do inside it."""

    inner = StreamBlock([("marked", MarkedBlock())])


class OuterBlock(PersonalisedStreamBlock):
    """Three levels, with every way to give an audience."""

    marked = MarkedBlock()
    wrapped = PersonalisedBlock(InnerBlock())
    chosen = VariantsBlock(InnerBlock())
    plain = PlainBlock()


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


# --- What the model says is what is rendered ---

KEYS = 3


def audiences() -> Any:
    return st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["everyone", "only", "except"]),
            # The last two are a situation nobody can choose, and one that is deleted.
            "situations": st.lists(st.integers(0, KEYS + 1), max_size=3),
            "segments": st.lists(st.integers(0, 1), max_size=2),
        }
    )


TEXT = st.just(None)  # Numbered when the stream is made, to know each again.


def inner_streams() -> Any:
    children = st.one_of(
        st.tuples(st.just("text"), TEXT),
        st.tuples(
            st.just("variants"),
            st.tuples(st.lists(audiences(), max_size=3), st.booleans()),
        ),
        st.tuples(st.just("listed"), st.lists(audiences(), max_size=2)),
    )
    return st.lists(children, max_size=3)


def outer_streams() -> Any:
    marked = st.tuples(audiences(), inner_streams())
    children = st.one_of(
        st.tuples(st.just("marked"), marked),
        st.tuples(st.just("wrapped"), marked),
        st.tuples(
            st.just("chosen"), st.tuples(st.lists(marked, max_size=3), inner_streams())
        ),
        st.tuples(st.just("plain"), st.lists(marked, max_size=2)),
    )
    return st.lists(children, max_size=4)


class Maker:
    """Makes stored data of what was drawn, every text being another."""

    def __init__(self, situations: list[int], own_segments: list[int]) -> None:
        self.situations = situations
        self.segments = own_segments
        self.count = 0

    def text(self) -> str:
        self.count += 1
        return f"[{self.count}]"

    def audience(self, drawn: dict[str, Any]) -> dict[str, Any]:
        return {
            "mode": drawn["mode"],
            "situations": [self.situations[item] for item in drawn["situations"]],
            "segments": [self.segments[item] for item in drawn["segments"]],
        }

    def inner(self, drawn: list[Any]) -> list[dict[str, Any]]:
        return [getattr(self, kind)(value) for kind, value in drawn]

    def inner_text(self) -> dict[str, Any]:
        return {"type": "text", "value": self.text()}

    def variants(self, drawn: Any) -> dict[str, Any]:
        found, has_default = drawn
        return make_block(
            "variants",
            variants=[
                {"audience": self.audience(item), "content": self.text()}
                for item in found
            ],
            default=[self.text()] if has_default else [],
        )

    def listed(self, drawn: Any) -> dict[str, Any]:
        return {
            "type": "listed",
            "value": [
                {"audience": self.audience(item), "content": self.text()}
                for item in drawn
            ],
        }

    def stream(self, drawn: list[Any]) -> list[dict[str, Any]]:
        return [
            self.inner_text() if kind == "text" else getattr(self, kind)(value)
            for kind, value in drawn
        ]

    def marked(self, drawn: Any) -> dict[str, Any]:
        audience, inner = drawn
        return make_block(
            "marked", audience=self.audience(audience), inner=self.stream(inner)
        )

    def wrapped(self, drawn: Any) -> dict[str, Any]:
        audience, inner = drawn
        return make_block(
            "wrapped", audience=self.audience(audience), content=self.stream(inner)
        )

    def chosen(self, drawn: Any) -> dict[str, Any]:
        found, default = drawn
        return make_block(
            "chosen",
            variants=[
                {"audience": self.audience(audience), "content": self.stream(inner)}
                for audience, inner in found
            ],
            default=[self.stream(default)],
        )

    def plain(self, drawn: list[Any]) -> dict[str, Any]:
        return make_block("plain", inner=[self.marked(item) for item in drawn])

    def page(self, drawn: list[Any]) -> Any:
        return OuterBlock().to_python(
            [getattr(self, kind)(value) for kind, value in drawn]
        )


class Chosen(Visitor):
    """A visitor with these situations."""

    def __init__(self, request: Any, pks: frozenset[int]) -> None:
        super().__init__(request)
        self._situation_pks = pks  # type: ignore[misc]


def rendered(stream: Any, pks: frozenset[int]) -> str:
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.visitor = Chosen(request, pks)  # type: ignore[attr-defined]
    return str(stream.stream_block.render(stream, context={"request": request}))


def modelled(model: WhoSees, texts: Any, pks: frozenset[int]) -> set[str]:
    """Return the texts that the model says are seen: inside no part that is hidden."""
    seen = {part.path for part in model.seen_by(pks)}
    hidden = [part.path for part in model.parts if part.path not in seen]
    return {
        text
        for path, text in texts
        if not any(path[: len(item)] == item for item in hidden)
    }


def leaves(value: Any, path: tuple[str, ...]) -> Any:
    from wagtail.blocks import StreamValue, StructValue
    from wagtail.blocks.list_block import ListValue

    if isinstance(value, StreamValue):
        inner = [(str(number), child.value) for number, child in enumerate(value)]
    elif isinstance(value, ListValue):
        inner = [(str(number), item) for number, item in enumerate(value)]
    elif isinstance(value, StructValue):
        inner = [(name, item) for name, item in value.items() if name != "audience"]
    else:
        return [(path, value)]
    return list(
        chain.from_iterable(leaves(item, (*path, name)) for name, item in inner)
    )


@pytest.fixture
def world() -> dict[str, list[int]]:
    """Three situations, one that rests, one deleted; a segment of any and one of all."""
    made = [make_situation(f"Situation {number}") for number in range(KEYS)]
    resting = make_situation("Resting", is_active=False)
    gone = make_situation("Gone")
    keys = [*(item.pk for item in made), resting.pk, gone.pk]
    any_of, all_of = make_segment("Any", match_any=True), make_segment("All")
    chose(any_of, made[0], made[1])
    chose(all_of, made[1], made[2])
    gone.delete()
    return {"situations": keys, "segments": [any_of.pk, all_of.pk]}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=outer_streams())
def test_the_model_says_what_is_rendered(world, drawn):
    stream = Maker(world["situations"], world["segments"]).page(drawn)
    choosable = world["situations"][:KEYS]
    model, texts = WhoSees(parts_of_stream(stream, "s")), leaves(stream, ("s",))
    ever: set[str] = set()

    for bits in range(2**KEYS):
        pks = frozenset(pk for number, pk in enumerate(choosable) if bits >> number & 1)
        shown = rendered(stream, pks)
        seen = {text for _path, text in texts if text in shown}
        assert modelled(model, texts, pks) == seen
        ever |= seen

    for path, text in texts:
        is_told = any(path[: len(part.path)] == part.path for part in model.unseen)
        assert is_told == (text not in ever), (path, text)


def test_sentences_are_in_the_language_of_the_editor():
    segment = make_segment("Mondays")
    on_monday(segment)
    with override("sv"):
        assert "måndag" in shown_to(Audience.only(segments=[segment.pk]))
