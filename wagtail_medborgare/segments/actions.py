from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex
from wagtail_personalisation.models import Segment

from wagtail_medborgare.segments.models import LifeSituationRule, SituationSegment
from wagtail_medborgare.situations.models import LifeSituation

AUDIENCE_LOST = "medborgare.audience_lost"


@transaction.atomic
def keep_segment_in_step(situation: LifeSituation) -> Segment:
    """Let the situation's one segment have its name, its rule and its state."""
    status = Segment.STATUS_ENABLED if situation.is_active else Segment.STATUS_DISABLED
    link = (
        SituationSegment.objects.select_related("segment")
        .filter(situation=situation)
        .first()
    )
    if link is None:
        segment = Segment.objects.create(name=situation.name, status=status)
        SituationSegment.objects.create(situation=situation, segment=segment)
    else:
        segment = link.segment
        if (segment.name, segment.status) != (situation.name, status):
            segment.name, segment.status = situation.name, status
            segment.save()
    LifeSituationRule.objects.get_or_create(segment=segment, situation=situation)
    return segment


def remove_segment(segment_pk: int) -> None:
    """Delete a segment whose situation is gone; only disable it where pages need it."""
    segment = Segment.objects.filter(pk=segment_pk).first()
    if segment is None:
        return
    try:
        segment.delete()
    except ProtectedError:
        # Page variants of wagtail-personalisation protect it. It matches nobody.
        segment.status = Segment.STATUS_DISABLED
        segment.save()


def note_lost_audiences(deleted: LifeSituation | Segment) -> None:
    """Write into the history of each page whose blocks were made for what is deleted.

    Call it before the deletion: the reference index forgets with the object.
    """
    references = ReferenceIndex.get_references_to(deleted).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    pks = references.exclude(model_path__startswith="life_situation_items").values_list(
        "object_id", flat=True
    )
    for page in Page.objects.filter(pk__in=[int(pk) for pk in set(pks)]):
        log(instance=page, action=AUDIENCE_LOST, data={"audience": str(deleted)})


def keep_all_segments_in_step() -> None:
    """Mend what signals have not seen, such as fixtures and raw SQL."""
    for situation in LifeSituation.objects.all():
        keep_segment_in_step(situation)
