"""The register of personal data: what each model field of ours is.

Every room declares the fields of its own models in its ``personal_data.py``, which its
app config imports; a test fails for a field that is in neither list. GDPR articles 5, 15, 17 and 30 are answered
from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from django.apps import apps
from django.db import models

LABEL_PREFIX = "medborgare_"


class Erasure(Enum):
    """What happens to a field when the person it is about is erased."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"


@dataclass(frozen=True, kw_only=True)
class PersonalField:
    """One field that can be about a person, and why it is kept."""

    purpose: str
    legal_basis: str
    retention_days: int | None
    """For how many days it is kept; None as long as the row lives."""
    erasure: Erasure


@dataclass(frozen=True, kw_only=True)
class PersonalCookie:
    """Something kept on the visitor's own device only."""

    name: str
    purpose: str
    legal_basis: str
    retention: str


@dataclass(frozen=True, kw_only=True)
class ModelDeclaration:
    """What a room says about one of its models."""

    model: str
    """The label, such as ``medborgare_services.Service``."""
    not_personal: frozenset[str] = frozenset()
    personal: dict[str, PersonalField] = field(default_factory=dict)

    @property
    def fields(self) -> set[str]:
        return set(self.not_personal) | set(self.personal)


_declarations: dict[str, ModelDeclaration] = {}
_cookies: dict[str, PersonalCookie] = {}


def declare(
    model: str,
    *,
    not_personal: Iterable[str] = (),
    personal: dict[str, PersonalField] | None = None,
) -> None:
    """Declare every field of one model as personal or not."""
    _declarations[model.lower()] = ModelDeclaration(
        model=model, not_personal=frozenset(not_personal), personal=personal or {}
    )


def declare_cookie(cookie: PersonalCookie) -> None:
    """Declare something that the visitor's device keeps."""
    _cookies[cookie.name] = cookie


def declarations() -> list[ModelDeclaration]:
    """Return what all installed rooms have declared."""
    return list(_declarations.values())


def cookies() -> list[PersonalCookie]:
    """Return everything that a visitor's device may be asked to keep."""
    return list(_cookies.values())


def undeclared_fields() -> list[str]:
    """Return ``label.Model.field`` for each field of ours that nobody declared."""
    return [
        f"{model._meta.label}.{name}"
        for model in _own_models()
        for name in sorted(_field_names(model) - _declared(model))
    ]


def unknown_fields() -> list[str]:
    """Return ``label.Model.field`` for each declared field that does not exist."""
    return [
        f"{model._meta.label}.{name}"
        for model in _own_models()
        for name in sorted(_declared(model) - _field_names(model))
    ]


def _own_models() -> list[type[models.Model]]:
    return [
        model
        for config in apps.get_app_configs()
        if config.label.startswith(LABEL_PREFIX)
        for model in config.get_models(include_auto_created=True)
    ]


def _field_names(model: type[models.Model]) -> set[str]:
    return {item.name for item in model._meta.local_fields} | {
        item.name for item in model._meta.local_many_to_many
    }


def _declared(model: type[models.Model]) -> set[str]:
    found = _declarations.get(model._meta.label_lower)
    return found.fields if found else set()


declare("medborgare_core.Stamp", not_personal=["name", "version"])
