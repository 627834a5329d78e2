"""One site twice: wagtail-personalisation as it comes, and with our rooms (OURS=1)."""

import os

from testapp import settings as tested

SECRET_KEY = tested.SECRET_KEY
USE_TZ = True
LANGUAGE_CODE = "sv"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "projects.compared_urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
# Sessions in memory: what is counted is the library's own work.
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
WAGTAIL_SITE_NAME = "Compared"
WAGTAILADMIN_BASE_URL = "http://testserver"
TEMPLATES = tested.TEMPLATES

_IS_OURS = os.environ.get("OURS") == "1"
_OURS = [app for app in tested.INSTALLED_APPS if app.startswith("wagtail_medborgare")]

INSTALLED_APPS = [
    app
    for app in tested.INSTALLED_APPS
    if app != "testapp" and (_IS_OURS or app not in _OURS)
]
INSTALLED_APPS.insert(0, "projects.comparedapp")
MIDDLEWARE = [
    item
    for item in tested.MIDDLEWARE
    if _IS_OURS or not item.startswith("wagtail_medborgare")
]
WAGTAIL_PERSONALISATION_RULES = [
    name
    for name in tested.WAGTAIL_PERSONALISATION_RULES
    if _IS_OURS or name.startswith("wagtail_personalisation")
]
if _IS_OURS:
    PERSONALISATION_SEGMENTS_ADAPTER = tested.PERSONALISATION_SEGMENTS_ADAPTER
SILENCED_SYSTEM_CHECKS = ["medborgare_services.W001", "medborgare_services.W002"]
