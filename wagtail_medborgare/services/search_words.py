"""Keep the search for services in step with the words that others lend them.

A service is found by the name of its unit and by the everyday words of its situations.
Wagtail indexes a service when the service is saved, and knows nothing of the rest.
"""

import logging
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_save, pre_delete, pre_save
from wagtail.search.backends import get_search_backends

from wagtail_medborgare.services.models import Service, Unit
from wagtail_medborgare.situations.models import LifeSituation

logger = logging.getLogger("wagtail_medborgare.services")

MOST = 2000
"""How many services an editor's save may index; ``update_index`` does the others."""

BATCH = 500

_WORDS: dict[type[models.Model], tuple[str, ...]] = {
    LifeSituation: ("name", "synonyms"),
    Unit: ("name",),
}


def index_services(pks: list[int], *, most: int = MOST) -> None:
    """Write the search entries of these services anew."""
    if len(pks) > most:
        logger.warning("%d services wait for update_index.", len(pks) - most)
    for start in range(0, min(len(pks), most), BATCH):
        batch = pks[start : min(start + BATCH, most)]
        services = list(Service.objects.filter(pk__in=batch).select_related("unit"))
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(Service, services)


def follow_changes() -> None:
    """Index services again when the words of a situation or a unit change."""
    for model in _WORDS:
        uid = f"medborgare.search-words.{model._meta.label}"
        pre_save.connect(_note_words, sender=model, dispatch_uid=uid)
        post_save.connect(_index_if_words_changed, sender=model, dispatch_uid=uid)
    pre_delete.connect(
        _index_without, sender=LifeSituation, dispatch_uid="medborgare.search-words"
    )


def _note_words(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    known = sender._default_manager.filter(pk=instance.pk)
    instance._medborgare_words = known.values_list(*_WORDS[sender]).first()


def _index_if_words_changed(
    sender: type[models.Model], instance: Any, *, raw: bool, **kwargs: Any
) -> None:
    before = instance.__dict__.pop("_medborgare_words", None)
    # What is in the instance need not have been written: a draft is saved in part.
    now = sender._default_manager.filter(pk=instance.pk).values_list(*_WORDS[sender])
    if before is not None and not raw and before != now.first():
        _index_later(_services_of(instance))


def _index_without(instance: LifeSituation, **kwargs: Any) -> None:
    _index_later(_services_of(instance))


def _services_of(instance: Unit | LifeSituation) -> list[int]:
    if isinstance(instance, Unit):
        services = Service.objects.filter(unit=instance)
    else:
        services = Service.objects.filter(life_situation_items__tag=instance)
    return list(services.order_by("pk").values_list("pk", flat=True))


def _index_later(pks: list[int]) -> None:
    # A search engine that is down must not cost the editor what was saved.
    transaction.on_commit(partial(index_services, pks), robust=True)
