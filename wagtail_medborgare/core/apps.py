from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MedborgareCoreConfig(AppConfig):
    name = "wagtail_medborgare.core"
    label = "medborgare_core"
    verbose_name = _("Medborgare: core")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_medborgare.core import checks  # noqa: F401  (registers them)
