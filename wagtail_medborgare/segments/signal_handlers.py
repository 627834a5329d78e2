from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save, pre_delete
from wagtail_personalisation.models import Segment

from wagtail_medborgare.segments import actions
from wagtail_medborgare.segments.merging import follow_merged_situation
from wagtail_medborgare.segments.models import SituationSegment
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.signals import situation_merged


def keep_segment_in_step(instance: LifeSituation, *, raw: bool, **kwargs: Any) -> None:
    if not raw:
        actions.keep_segment_in_step(instance)


def remove_segment_of_deleted_situation(
    instance: SituationSegment, **kwargs: Any
) -> None:
    actions.remove_segment(instance.segment_id)


def note_lost_audiences(instance: LifeSituation | Segment, **kwargs: Any) -> None:
    actions.note_lost_audiences(instance)


def disable_segments_that_lose_a_condition(
    instance: LifeSituation, **kwargs: Any
) -> None:
    actions.disable_segments_that_lose_a_condition(instance)


def keep_all_segments_in_step(**kwargs: Any) -> None:
    actions.keep_all_segments_in_step()


def connect(config: AppConfig) -> None:
    """Follow the life situations."""
    post_save.connect(keep_segment_in_step, sender=LifeSituation)
    post_delete.connect(remove_segment_of_deleted_situation, sender=SituationSegment)
    pre_delete.connect(disable_segments_that_lose_a_condition, sender=LifeSituation)
    for model in (LifeSituation, Segment):
        pre_delete.connect(note_lost_audiences, sender=model)
    situation_merged.connect(
        follow_merged_situation, dispatch_uid="medborgare.segments.merged"
    )
    post_migrate.connect(keep_all_segments_in_step, sender=config)
