from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MedborgareVisitorsConfig(AppConfig):
    name = "wagtail_medborgare.visitors"
    label = "medborgare_visitors"
    verbose_name = _("Medborgare: visitors")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_medborgare.visitors import (  # noqa: F401
            checks,
            personal_data,
        )
        from wagtail_medborgare.visitors.error_reports import follow_errors

        follow_errors()
