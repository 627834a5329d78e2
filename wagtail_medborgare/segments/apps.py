from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MedborgareSegmentsConfig(AppConfig):
    name = "wagtail_medborgare.segments"
    label = "medborgare_segments"
    verbose_name = _("Medborgare: segments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_medborgare.segments import (  # noqa: F401
            checks,
            compat,
            personal_data,
            rule_mends,
            side_panels,
            signal_handlers,
        )
        from wagtail_medborgare.segments.page_cache import changes
        from wagtail_medborgare.segments.page_cache import (
            checks as page_cache_checks,  # noqa: F401
        )
        from wagtail_medborgare.segments.previewing.requests import mend_previews
        from wagtail_medborgare.segments.snapshot import follow_changes

        compat.mend_admin()
        rule_mends.mend_rules()
        side_panels.mend_page_views()
        mend_previews()
        follow_changes()
        signal_handlers.connect(self)
        changes.connect()
