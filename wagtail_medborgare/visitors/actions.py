"""The steps by which a visitor changes their choice; each returns the new choices."""

from collections.abc import Iterable
from dataclasses import replace

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.situations.snapshot import Situation, situations
from wagtail_medborgare.visitors.choices import ChoiceFull, Choices, Chosen, Kept
from wagtail_medborgare.visitors.cookies import this_minute


def choose_situations(
    choices: Choices, slugs: Iterable[str], *, remember: bool
) -> Choices:
    """Make these the visitor's situations, in place of what they had."""
    chosen = {item.pk: item for item in choices.situations}
    wanted = _active(slugs)
    situations_now = tuple(
        # A form that is sent again does not make a sensitive choice younger.
        chosen.get(situation.pk) or _chosen(situation)
        for situation in wanted
    )
    return _checked(replace(choices, situations=situations_now, remember=remember))


def add_situations(choices: Choices, slugs: Iterable[str]) -> Choices:
    """Add situations to what the visitor has chosen."""
    chosen = {item.pk for item in choices.situations}
    added = tuple(
        _chosen(situation) for situation in _active(slugs) if situation.pk not in chosen
    )
    return _checked(replace(choices, situations=(*choices.situations, *added)))


def remove_situations(choices: Choices, slugs: Iterable[str]) -> Choices:
    """Take situations away; also such as nobody can choose any more."""
    by_slug = situations.get().by_slug
    gone = {by_slug[slug].pk for slug in slugs if slug in by_slug}
    left = tuple(item for item in choices.situations if item.pk not in gone)
    return replace(choices, situations=left)


def save_thing(choices: Choices, kind: str, key: str, *, is_sensitive: bool) -> Choices:
    """Save one thing; it is no longer waved away."""
    choices = restore_thing(unsave_thing(choices, kind, key), kind, key)
    if len(choices.saved) >= app_settings.MAX_KEPT:
        raise ChoiceFull
    return replace(choices, saved=(*choices.saved, _kept(kind, key, is_sensitive)))


def unsave_thing(choices: Choices, kind: str, key: str) -> Choices:
    """Drop one saved thing."""
    return replace(choices, saved=_without(choices.saved, kind, key))


def dismiss_thing(
    choices: Choices, kind: str, key: str, *, is_sensitive: bool
) -> Choices:
    """Stop suggesting one thing; the oldest one gives way when there are too many."""
    choices = restore_thing(choices, kind, key)
    dismissed = (*choices.dismissed, _kept(kind, key, is_sensitive))
    return replace(choices, dismissed=dismissed[-app_settings.MAX_KEPT :])


def restore_thing(choices: Choices, kind: str, key: str) -> Choices:
    """Suggest one thing again."""
    return replace(choices, dismissed=_without(choices.dismissed, kind, key))


def _active(slugs: Iterable[str]) -> list[Situation]:
    by_slug = situations.get().by_slug
    # Two slugs can mean one situation, since the one has become part of the other.
    found = {by_slug[slug].pk: by_slug[slug] for slug in slugs if slug in by_slug}
    return [situation for situation in found.values() if situation.is_active]


def _chosen(situation: Situation) -> Chosen:
    return Chosen(situation.pk, this_minute() if situation.is_sensitive else None)


def _kept(kind: str, key: str, is_sensitive: bool) -> Kept:
    return Kept(kind, key, this_minute() if is_sensitive else None)


def _without(items: tuple[Kept, ...], kind: str, key: str) -> tuple[Kept, ...]:
    return tuple(item for item in items if (item.kind, item.key) != (kind, key))


def _checked(choices: Choices) -> Choices:
    if len(choices.situations) > app_settings.MAX_SITUATIONS:
        raise ChoiceFull
    return choices
