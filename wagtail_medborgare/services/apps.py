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
            notifications,
            personal_data,
            search_words,
            snapshot,
            suggesting,
            things,
        )
        from wagtail_medborgare.services.unit_modules import showing
        from wagtail_medborgare.situations.references import (
            follow_removals,
            index_references,
        )

        addresses.follow_changes()
        notifications.follow_submissions()
        search_words.follow_changes()
        snapshot.follow_changes()
        suggesting.follow_changes()
        showing.follow_changes()
        things.register()
        index_references(models.Service, models.Unit, models.Module, models.GroupUnit)
        follow_removals(models.TaggedModule, models.TaggedService, models.TaggedUnit)
