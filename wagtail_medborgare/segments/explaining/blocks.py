"""The parts of a stream that are not for everybody, each with whom it is for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock

from wagtail_medborgare.segments.audiences import Audience
from wagtail_medborgare.segments.blocks import (
    AudienceBlock,
    ForYouBlock,
    PersonalisedStructBlock,
    VariantsBlock,
)
from wagtail_medborgare.segments.blocks.personalised import (
    PersonalPartMixin,
    audience_of,
)
from wagtail_medborgare.segments.explaining.conditions import (
    BLOCK,
    condition_of,
    has_chosen_anything,
)
from wagtail_medborgare.segments.explaining.labels import first_words, label_of
from wagtail_medborgare.segments.explaining.logic import (
    ALWAYS,
    Condition,
    Fact,
    all_of,
    is_possible,
    negated,
)
from wagtail_medborgare.segments.explaining.sentences import leaves_out, shown_to

Path = tuple[str, ...]


class Kind(Enum):
    """By what a part decides who sees it."""

    AUDIENCE = "audience"
    VARIANT = "variant"
    OTHERWISE = "otherwise"
    """What a block of variants shows when none fits."""
    ANY_CHOICE = "any choice"
    """It has nothing to say to those who have chosen nothing."""
    OWN = "own"
    """A block of the site's own that decides by itself."""


@dataclass(frozen=True, kw_only=True)
class PersonalPart:
    """A block, or a variant of one, that some see and others do not."""

    kind: Kind
    path: Path
    label: str
    words: str
    anchor: str
    """The address of the block in the page editor; empty where it has none."""
    audience: Audience
    own: Condition
    """What it asks itself."""
    earlier: Condition = ALWAYS
    """What leaves it its turn among variants: that none before it fits."""
    outer: "PersonalPart | None" = None
    """The part that it stands inside."""
    place: Path
    """The same for all variants of one block: one of them is seen."""

    @cached_property
    def condition(self) -> Condition:
        """What it takes to see it."""
        around = self.outer.condition if self.outer else ALWAYS
        return all_of([around, self.earlier, self.own])

    @property
    def around(self) -> "tuple[PersonalPart, ...]":
        """The parts that it stands inside, from the inside out."""
        return (self.outer, *self.outer.around) if self.outer else ()

    @property
    def title(self) -> str:
        """What to call it: “Notice: Apply for a place”."""
        if self.words in ("", self.label):
            return self.label
        return _("%(label)s: %(words)s") % {"label": self.label, "words": self.words}

    @property
    def is_later_variant(self) -> bool:
        """Does it have its turn only when an earlier variant does not fit?"""
        return self.kind is Kind.VARIANT and self.earlier != ALWAYS

    @property
    def sentence(self) -> str:
        """Who sees it, as far as it decides itself."""
        if self.kind is Kind.OTHERWISE:
            return _("Shown to everyone whom none of the variants fits")
        if self.kind is Kind.ANY_CHOICE:
            return _("Shown to those who have chosen something")
        if self.kind is Kind.OWN:
            return _("Decides by itself who sees it")
        return shown_to(self.audience)

    @property
    def leaves_out(self) -> str:
        """Who does not see it, as far as it decides itself."""
        if self.kind is Kind.OTHERWISE:
            return _("Leaves out everyone whom a variant fits")
        if self.kind is Kind.ANY_CHOICE:
            return _("Leaves out everyone who has chosen nothing")
        return "" if self.kind is Kind.OWN else leaves_out(self.audience)

    @property
    def is_for_everyone(self) -> bool:
        """Does everyone see it?"""
        return self.condition == ALWAYS

    @property
    def why_nobody(self) -> str:
        """Why nobody can ever see it; nothing where somebody can."""
        if is_possible(self.condition):
            return ""
        if not is_possible(self.own):
            return self.sentence
        if self.outer and not is_possible(self.outer.condition):
            return _("Nobody sees the block that it stands inside")
        if not self.outer or not is_possible(all_of([self.earlier, self.own])):
            return _("An earlier variant is always shown in its place")
        return _("Nobody who sees “%(outer)s” is among those it is for") % {
            "outer": self.outer.label
        }


@dataclass(frozen=True)
class _Where:
    """The way to a block while walking."""

    path: Path
    label: str
    anchor: str = ""
    outer: PersonalPart | None = None

    def into(self, name: str, *, label: str = "", block_id: Any = None) -> "_Where":
        return replace(
            self,
            path=(*self.path, name),
            label=label or self.label,
            anchor=f"#block-{block_id}-section" if block_id else self.anchor,
        )


def parts_of_stream(stream: Any, name: str) -> tuple[PersonalPart, ...]:
    """Return the personal parts of a stream, in the order of the page.

    ``name`` is the name of the field. Blocks of types that hold nothing personal are not
    looked at, so that what they refer to is not read.
    """
    return tuple(_walk(stream.stream_block, stream, _Where((name,), "")))


def _walk(block: Block, value: Any, where: _Where) -> Iterator[PersonalPart]:
    if value is None or not holds_personal(block):
        return
    if isinstance(block, VariantsBlock):
        yield from _walk_variants(block, value, where)
        return
    part = _part_of(block, value, where)
    if part is not None:
        yield part
        where = replace(where, outer=part)
    for child, inner_value, inner in _children(block, value, where):
        yield from _walk(child, inner_value, inner)


def _children(
    block: Block, value: Any, where: _Where
) -> Iterator[tuple[Block, Any, _Where]]:
    """Yield the blocks inside another one, with their values and the way to them."""
    if isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield child, value.get(name), where.into(name, label=label_of(child))
    elif isinstance(block, BaseTypedTableBlock):
        for number, row in enumerate(value.rows):
            for column, cell in enumerate(row):
                inner = where.into(str(number)).into(
                    str(column), label=label_of(cell.block)
                )
                yield cell.block, cell.value, inner
    else:
        for number, item in _items(block, value):
            inner = where.into(
                str(number), label=label_of(item.block), block_id=item.id
            )
            yield item.block, item.value, inner


def _items(block: Block, value: Any) -> Iterator[tuple[int, Any]]:
    """Yield the bound blocks of a list or stream that can hold something personal.

    Nothing of a block of another kind: what is in it, it decides by itself.
    """
    if isinstance(block, ListBlock):
        yield from enumerate(value.bound_blocks)
    elif isinstance(block, StreamBlock):
        for number, raw in enumerate(value.raw_data):
            if holds_personal(block.child_blocks[raw["type"]]):
                yield number, value[number]


def _part_of(block: Block, value: Any, where: _Where) -> PersonalPart | None:
    audience = Audience()
    if isinstance(block, PersonalisedStructBlock):
        audience = block.get_audience(value)
        kind, own = Kind.AUDIENCE, condition_of(audience)
        if type(block).is_visible is not PersonalisedStructBlock.is_visible:
            kind, own = Kind.OWN, Fact(BLOCK, where.path)
    elif isinstance(block, ForYouBlock):
        kind, own = Kind.ANY_CHOICE, has_chosen_anything()
        if type(block).is_visible is not ForYouBlock.is_visible:
            kind, own = Kind.OWN, Fact(BLOCK, where.path)
    elif isinstance(block, PersonalPartMixin):
        if type(block).is_visible is PersonalPartMixin.is_visible:
            return None  # Everybody sees it, if not the same in it.
        kind, own = Kind.OWN, Fact(BLOCK, where.path)
    elif _has_audience(block):
        # A block whose template asks for the audience that it holds.
        audience = audience_of(value)
        kind, own = Kind.AUDIENCE, condition_of(audience)
    else:
        return None
    return PersonalPart(
        kind=kind,
        path=where.path,
        label=where.label,
        words=first_words(block, value),
        anchor=where.anchor,
        audience=audience,
        own=own,
        outer=where.outer,
        place=where.path,
    )


def _has_audience(block: Block) -> bool:
    return isinstance(block, StructBlock) and isinstance(
        block.child_blocks.get("audience"), AudienceBlock
    )


def _walk_variants(
    block: VariantsBlock, value: Any, where: _Where
) -> Iterator[PersonalPart]:
    """Walk the variants: each has its turn when none before it fits."""
    earlier: list[Condition] = []
    for name, kind in (("variants", Kind.VARIANT), ("default", Kind.OTHERWISE)):
        for number, item in enumerate(value[name].bound_blocks):
            inner = where.into(name).into(str(number), block_id=item.id)
            audience, content, inside = Audience(), item, inner
            if kind is Kind.VARIANT:
                audience = audience_of(item.value)
                content = item.value.bound_blocks["content"]
                inside = inner.into("content")
            part = PersonalPart(
                kind=kind,
                path=inner.path,
                label=where.label,
                words=first_words(content.block, content.value),
                anchor=inner.anchor,
                audience=audience,
                own=condition_of(audience),
                earlier=all_of(map(negated, earlier)),
                outer=where.outer,
                place=where.path,
            )
            yield part
            earlier.append(part.own)
            yield from _walk(content.block, content.value, replace(inside, outer=part))


def holds_personal(block: Block) -> bool:
    """Say whether a block of this type can hold anything that is not for everybody."""
    if isinstance(block, PersonalPartMixin | AudienceBlock):
        return True
    if isinstance(block, ListBlock):
        return holds_personal(block.child_block)
    children = getattr(block, "child_blocks", {})
    return any(map(holds_personal, children.values()))
