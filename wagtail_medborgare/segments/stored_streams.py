"""Streams as they are stored: read and changed without asking a block for its value."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.blocks import (
    BaseStreamBlock,
    BaseStructBlock,
    Block,
    ChooserBlock,
    ListBlock,
)
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from wagtail_medborgare.segments.blocks.choosers import KeysBlock

Keys = Mapping[type[models.Model], tuple[int, int]]
"""For each model, the key that is stored and the one to store in its place."""


def walk(block: Block, holder: Any, place: Any) -> Iterator[tuple[Block, Any, Any]]:
    """Yield each block of a stored value with where its own value lies: holder[place].

    What is stored in a shape that the block does not have is passed over.
    """
    yield block, holder, place
    value = holder[place]
    if isinstance(block, BaseStructBlock) and isinstance(value, dict):
        for name, child in block.child_blocks.items():
            if name in value:
                yield from walk(child, value, name)
    elif isinstance(block, BaseStreamBlock | ListBlock) and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walk_item(block, value, number, item)
    elif isinstance(block, BaseTypedTableBlock) and isinstance(value, dict):
        yield from _walk_table(block, value)


def _walk_item(
    block: Any, items: list[Any], number: int, item: Any
) -> Iterator[tuple[Block, Any, Any]]:
    is_wrapped = isinstance(item, dict) and "type" in item and "value" in item
    if isinstance(block, ListBlock):
        # Lists were stored without identifiers before Wagtail 2.16, and still may be.
        if is_wrapped and item["type"] == "item":
            yield from walk(block.child_block, item, "value")
        else:
            yield from walk(block.child_block, items, number)
    elif is_wrapped and item["type"] in block.child_blocks:
        yield from walk(block.child_blocks[item["type"]], item, "value")


def _walk_table(block: Any, table: dict[str, Any]) -> Iterator[tuple[Block, Any, Any]]:
    kinds = [block.child_blocks.get(column["type"]) for column in table["columns"]]
    for row in table["rows"]:
        for number, kind in enumerate(kinds):
            # None where the site has taken the kind of column away.
            if kind is not None:
                yield from walk(kind, row["values"], number)


def replace_keys(block: Block, stream: list[Any], keys: Keys) -> bool:
    """Replace keys wherever a stored stream names them; say whether it named any."""
    changed = False
    for leaf, holder, place in walk(block, [stream], 0):
        if isinstance(leaf, KeysBlock | ChooserBlock) and leaf.target_model in keys:
            target: Any = leaf.target_model
            old, new = keys[target]
            replaced = _replaced(holder[place], old, new)
            changed |= replaced != holder[place]
            holder[place] = replaced
    return changed


def _replaced(value: Any, old: int, new: int) -> Any:
    if isinstance(value, list):
        followed = [_replaced(item, old, new) for item in value]
        # What named both names the one that is left once.
        return list(dict.fromkeys(followed)) if followed != value else value
    return new if str(value) == str(old) else value


def streams_of(model: type[models.Model]) -> list[StreamField]:
    """Return the streams of a model."""
    fields = model._meta.concrete_fields
    return [field for field in fields if isinstance(field, StreamField)]


def replace_keys_in_content(
    model: type[models.Model], content: dict[str, Any], keys: Keys
) -> bool:
    """Replace keys in the streams of a version, as its content is stored."""
    changed = False
    for field in streams_of(model):
        stream = _read(content.get(field.name))
        if stream is not None and replace_keys(field.stream_block, stream, keys):
            content[field.name] = json.dumps(stream, cls=DjangoJSONEncoder)
            changed = True
    for child, rows in _children(model, content):
        for row in rows:
            changed |= replace_keys_in_content(child, row, keys)
    return changed


def _read(stored: Any) -> list[Any] | None:
    try:
        stream = json.loads(stored) if isinstance(stored, str) else stored
    except ValueError:
        return None
    return stream if isinstance(stream, list) else None


def _children(
    model: type[models.Model], content: dict[str, Any]
) -> Iterator[tuple[type[models.Model], list[dict[str, Any]]]]:
    if issubclass(model, ClusterableModel):
        for relation in get_all_child_relations(model):
            rows = content.get(str(relation.get_accessor_name()))
            if isinstance(rows, list):
                yield relation.related_model, [r for r in rows if isinstance(r, dict)]


def replace_keys_in_row(row: models.Model, keys: Keys) -> None:
    """Replace keys in the streams of something that is saved, and of its children."""
    changed = []
    for field in streams_of(type(row)):
        stream = deepcopy(list(getattr(row, field.name).raw_data))
        if replace_keys(field.stream_block, stream, keys):
            setattr(row, field.name, stream)
            changed.append(field.name)
    if changed:
        # A page that a rule of the site would refuse now is not mended here.
        unchecked: dict[str, Any] = {"clean": False} if isinstance(row, Page) else {}
        row.save(update_fields=changed, **unchecked)
    if isinstance(row, ClusterableModel):
        for relation in get_all_child_relations(type(row)):
            for child in relation.related_model._base_manager.filter(
                **{relation.field.name: row.pk}
            ):
                replace_keys_in_row(child, keys)
