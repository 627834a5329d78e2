"""The text of a page or a snippet: what the site's own search would find it by."""

from collections.abc import Iterator
from typing import Any

from wagtail.search import index


def text_of(instance: Any) -> str:
    """Return everything searchable in one text; empty for what is not indexed."""
    if not isinstance(instance, index.Indexed):
        return ""
    fields: Any = type(instance).get_searchable_search_fields()
    # What stands in two fields is read once.
    parts = dict.fromkeys(
        part for field in fields for part in _parts(field.get_value(instance))
    )
    return "\n".join(parts)


def _parts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _parts(item)
