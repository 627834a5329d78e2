from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MedborgareServicesConfig(AppConfig):
    name = "wagtail_medborgare.services"
    label = "medborgare_services"
    verbose_name = _("Medborgare: services")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_medborgare.services import (  # noqa: F401
            addresses,
            checks,
            models,
            personal_data,
            search_words,
            snapshot,
            things,
        )
        from wagtail_medborgare.situations.references import follow_removals

        addresses.follow_changes()
        search_words.follow_changes()
        snapshot.follow_changes()
        things.register()
        follow_removals(models.TaggedService, models.TaggedUnit)
