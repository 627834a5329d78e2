from django.apps import AppConfig


class MunicipalityConfig(AppConfig):
    name = "municipality"
    verbose_name = "Strandviks kommun"
    default_auto_field = "django.db.models.BigAutoField"
