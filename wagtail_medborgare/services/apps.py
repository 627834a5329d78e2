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
            personal_data,
            things,
        )

        addresses.follow_changes()
        things.register()
