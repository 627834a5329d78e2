from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MedborgareSituationsConfig(AppConfig):
    name = "wagtail_medborgare.situations"
    label = "medborgare_situations"
    verbose_name = _("Medborgare: life situations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_medborgare.situations import (  # noqa: F401
            documents,
            files,
            models,
            personal_data,
            references,
            sensitive,
            snapshot,
            tagged_pages,
        )
        from wagtail_medborgare.situations.suggesting import training

        snapshot.follow_changes()
        sensitive.follow_changes()
        tagged_pages.follow_changes()
        training.follow_changes()
        documents.follow_changes()
        files.follow_deletions()
        references.index_references(models.LifeSituation, models.Persona)
        references.follow_removals(models.TaggedPage, models.NextSituation)
