"""What to call a block: its type, and the first words in it."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock

from wagtail_medborgare.segments.blocks.audience import AudienceBlock

_WORDS = 8
_LETTERS = 60


def label_of(block: Any) -> str:
    """Return what editors know the type of a block by."""
    return capfirst(str(block.label or block.name))


def first_words(block: Block, value: Any) -> str:
    """Return the first words in a block; nothing where it has none."""
    text = next(_texts(block, value), "")
    return str(Truncator(Truncator(text).words(_WORDS)).chars(_LETTERS))


def _texts(block: Block, value: Any) -> Iterator[str]:
    if isinstance(block, AudienceBlock) or value is None:
        return
    if isinstance(block, StructBlock | StreamBlock | ListBlock):
        for child, inner in _children(block, value):
            yield from _texts(child, inner)
        return
    for text in block.get_searchable_content(value):
        if plain := " ".join(strip_tags(str(text)).split()):
            yield plain


def _children(block: Block, value: Any) -> Iterator[tuple[Block, Any]]:
    if isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield child, value.get(name)
    elif isinstance(block, ListBlock):
        for item in value:
            yield block.child_block, item
    else:
        for item in value:
            yield item.block, item.value
