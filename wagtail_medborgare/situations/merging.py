"""One life situation becomes part of another, and nothing that used it breaks."""

from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.search import index

from wagtail_medborgare.situations.drafts import replace_key, rewrite_drafts
from wagtail_medborgare.situations.models import (
    LifeSituation,
    MergedSituation,
    NextSituation,
    SituationLabel,
)
from wagtail_medborgare.situations.signals import situation_merged

SITUATION_MERGED = "medborgare.situation_merged"

_LONGEST_SLUG = 100


class CannotMerge(Exception):
    """These two cannot be merged; the message says why, in words for the editor."""


def needs_confirmation(old: LifeSituation, into: LifeSituation) -> bool:
    """Say whether merging would make what was sensitive ordinary.

    Pages and services lose their quick exit, and a choice made from then on can be
    remembered on the device. What visitors have chosen already keeps its hour: the time
    stands in the cookie with each sensitive choice.
    """
    return old.is_sensitive and not into.is_sensitive


@transaction.atomic
def merge_situations(
    old: LifeSituation,
    into: LifeSituation,
    *,
    user: Any = None,
    may_become_ordinary: bool = False,
) -> MergedSituation:
    """Let everything that names ``old`` name ``into``, and delete ``old``.

    Tags, steps, labels, rules, blocks and drafts follow; devices, files and addresses
    that name ``old`` are taken to ``into`` by the row that is returned. CannotMerge when
    they are the same, or when ``old`` is sensitive, ``into`` is not, and nobody has
    confirmed it.
    """
    # Two editors who merge the same at once: the second waits, and finds it gone.
    locked = LifeSituation.objects.select_for_update().in_bulk([old.pk, into.pk])
    _check(locked.get(old.pk), locked.get(into.pk), may_become_ordinary)
    old, into = locked[old.pk], locked[into.pk]
    _keep_words(old, into)
    _drop_steps_between(old, into)
    for row, field in _rows_naming(old):
        _move(row, field, into)
    rewrite_drafts(
        lambda model, content: replace_key(model, content, old=old.pk, new=into.pk),
        naming=old.pk,
    )
    situation_merged.send(sender=LifeSituation, old=old, into=into)
    merged = _remember(old, into)
    log(
        instance=into,
        action=SITUATION_MERGED,
        user=user,
        data={"merged": old.name, "slug": old.slug, "key": old.pk},
    )
    log(instance=old, action="wagtail.delete", user=user)
    old.delete()
    return merged


def _check(
    old: LifeSituation | None, into: LifeSituation | None, may_become_ordinary: bool
) -> None:
    if old is None or into is None:
        raise CannotMerge(_("Somebody has just deleted it. Nothing has changed."))
    if old.pk == into.pk:
        raise CannotMerge(_("Choose another situation than itself."))
    if needs_confirmation(old, into) and not may_become_ordinary:
        raise CannotMerge(
            _(
                "“%(old)s” is sensitive and “%(into)s” is not. Confirm below that it "
                "may be treated as ordinary, or choose a sensitive one."
            )
            % {"old": old, "into": into}
        )


def _keep_words(old: LifeSituation, into: LifeSituation) -> None:
    """Let what people called the old one find the new one, in each language."""
    into.synonyms = _joined(into.synonyms, old.name, old.synonyms)
    into.save()
    labels = {label.language: label for label in into.labels.all()}
    for label in SituationLabel.objects.filter(situation=old):
        known = labels.get(label.language)
        if known is not None:
            known.synonyms = _joined(known.synonyms, label.name, label.synonyms)
            known.save()


def _joined(*texts: str) -> str:
    """Join lists of words, without repeating any."""
    known: dict[str, str] = {}
    for word in (word.strip() for text in texts for word in text.split(",")):
        if word:
            known.setdefault(word.casefold(), word)
    return ", ".join(known.values())


def _drop_steps_between(old: LifeSituation, into: LifeSituation) -> None:
    """Nothing leads to itself, as these would."""
    both = [old.pk, into.pk]
    for step in NextSituation.objects.filter(situation__in=both, to__in=both):
        step.delete()


def _rows_naming(old: LifeSituation) -> Iterator[tuple[models.Model, Any]]:
    """Yield the rows of every model, ours or the site's, with a foreign key to it."""
    for relation in old._meta.get_fields(include_hidden=True):
        if relation.auto_created and (relation.one_to_many or relation.one_to_one):
            key = relation.field  # type: ignore[union-attr]  # a reverse relation
            for row in key.model._base_manager.filter(**{key.name: old}):
                yield row, key


def _move(row: models.Model, key: Any, into: LifeSituation) -> None:
    """Let a row name the new one; leave it where the new one has the same already.

    What is left goes the way of the old one, as the foreign key says.
    """
    setattr(row, key.name, into)
    try:
        with transaction.atomic():
            # An old page may lack what its form asks for today; that is not the matter.
            options: dict[str, Any] = {"clean": False} if isinstance(row, Page) else {}
            row.save(update_fields=[key.name], **options)
    except IntegrityError:
        return
    tagged = getattr(row, "content_object", None)
    if isinstance(tagged, models.Model) and isinstance(tagged, index.Indexed):
        index.insert_or_update_object(tagged)


def _remember(old: LifeSituation, into: LifeSituation) -> MergedSituation:
    # The address may have belonged to one that was merged before: the last one has it.
    for earlier in MergedSituation.objects.filter(old_slug=old.slug):
        suffix = f"-{earlier.old_pk}"
        earlier.old_slug = old.slug[: _LONGEST_SLUG - len(suffix)] + suffix
        earlier.save()
    return MergedSituation.objects.create(
        old_pk=old.pk, old_slug=old.slug, old_name=old.name, situation=into
    )
