"""Whether anything in the database has changed."""

from __future__ import annotations

import hashlib
from typing import Any

from django.apps import apps
from django.db import connection

# Looking touches a session, and Wagtail notes who has an editor open and makes a profile
# for whoever sees its bar on a page.
_LOOKING = {
    "wagtailadmin_editingsession",
    "wagtailusers_userprofile",
    "django_session",
}


def database_digest() -> dict[str, str]:
    """Return one number for each table of the database, all its rows together."""
    return {
        _table(model): _digest(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and _table(model) not in _LOOKING
    }


def _digest(model: Any) -> str:
    digest = hashlib.sha256()
    key = connection.ops.quote_name(model._meta.pk.column)
    # As the database has them: some of Python's objects say where they lie in memory.
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM {connection.ops.quote_name(_table(model))} ORDER BY {key}"
        )
        for row in cursor:
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _table(model: Any) -> str:
    return str(model._meta.db_table)
