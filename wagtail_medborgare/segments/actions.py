from django.db import transaction
from django.db.models import ProtectedError
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex
from wagtail_personalisation.models import Segment

from wagtail_medborgare.segments.models import LifeSituationRule, SituationSegment
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.usage import is_in_a_stream

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
    """Write into the history of everything whose blocks were made for what is deleted.

    Call it before the deletion: the reference index forgets with the object.
    """
    things = {
        (reference.content_type, reference.object_id)
        for reference in ReferenceIndex.get_references_to(deleted)
        if is_in_a_stream(reference)  # A tag or a foreign key tells of itself.
    }
    for content_type, pk in things:
        for thing in content_type.get_all_objects_for_this_type(pk=pk):
            log(instance=thing, action=AUDIENCE_LOST, data={"audience": str(deleted)})


def disable_segments_that_lose_a_condition(situation: LifeSituation) -> None:
    """Disable the site's own segments that ask for this situation among all their rules.

    With the rule gone they would match more people than before, and open blocks to
    everybody. Call it before the situation is deleted.
    """
    own = SituationSegment.objects.filter(situation=situation).values("segment")
    segments = Segment.objects.filter(
        pk__in=LifeSituationRule.objects.filter(situation=situation).values("segment"),
        match_any=False,
    ).exclude(pk__in=own)
    for segment in segments:
        segment.status = Segment.STATUS_DISABLED
        segment.save()
        note_lost_audiences(segment)


def keep_all_segments_in_step() -> None:
    """Mend what signals have not seen, such as fixtures and raw SQL."""
    for situation in LifeSituation.objects.all():
        keep_segment_in_step(situation)
