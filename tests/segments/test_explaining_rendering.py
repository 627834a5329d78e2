"""What is told of a page is what is rendered, whatever stands inside what."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest
from factories import make_block, make_situation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from segments.explained import (
    OuterBlock,
    chose,
    make_segment,
)

from wagtail_medborgare.segments.explaining import (
    WhoSees,
    parts_of_stream,
)
from wagtail_medborgare.visitors.visitor import Visitor

pytestmark = pytest.mark.django_db


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
