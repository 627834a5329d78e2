"""The pages whose blocks are made for somebody, found by the reference index."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex
from wagtail.query import PageQuerySet
from wagtail_personalisation.models import Segment

from wagtail_medborgare.situations.models import LifeSituation

# The tags of a page are references, too; all others come from its blocks.
_TAGS = "life_situation_items."


def pages_with_audiences() -> PageQuerySet:
    """Return the pages whose blocks name a situation or a segment, live or not.

    A page whose blocks only name what has been deleted, or that ask the visitor without
    naming anything (such as “Pages for you”), is not among them.
    """
    named = [
        ContentType.objects.get_for_model(model) for model in (LifeSituation, Segment)
    ]
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id=Cast(OuterRef("pk"), CharField()),
        to_content_type__in=named,
    ).exclude(model_path__startswith=_TAGS)
    return Page.objects.filter(Exists(references))
