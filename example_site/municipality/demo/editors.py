from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission

from municipality.models import ContentPage
from wagtail_medborgare.services.models import Unit

ADMIN = "admin"
# Fictional people, one for each unit.
EDITORS = {
    "barn-och-utbildning": ("maja", "Maja", "Lindqvist"),
    "samhallsbyggnad": ("omar", "Omar", "Haddad"),
    "omsorg-och-stod": ("ingrid", "Ingrid", "Sjöstrand"),
    "kultur-och-fritid": ("ville", "Ville", "Koskinen"),
    "naringsliv-och-arbete": ("sara", "Sara", "Bengtzon"),
    "kontaktcenter": ("petter", "Petter", "Åkerblom"),
}
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
SNIPPET_PERMISSIONS = (
    ("wagtailadmin", "access_admin"),
    ("medborgare_services", "add_service"),
    ("medborgare_services", "change_service"),
    ("medborgare_services", "publish_service"),
    ("medborgare_services", "change_unit"),
    ("medborgare_services", "publish_unit"),
)


@dataclass(frozen=True)
class Account:
    """Who can log in, and as what."""

    username: str
    role: str


def load_editors() -> list[Account]:
    """Create a group and an editor for each unit, and somebody who may do everything."""
    accounts = [_superuser()]
    for unit in Unit.objects.filter(slug__in=EDITORS):
        accounts.append(_editor(unit, _group(unit)))
    return accounts


def _superuser() -> Account:
    users = get_user_model().objects
    if not users.filter(username=ADMIN).exists():
        users.create_superuser(ADMIN, "admin@example.se", settings.DEMO_PASSWORD)
    return Account(ADMIN, "Får göra allt")


def _editor(unit: Unit, group: Group) -> Account:
    username, first_name, last_name = EDITORS[unit.slug]
    users = get_user_model().objects
    user = users.filter(username=username).first()
    if user is None:
        user = users.create_user(
            username,
            f"{username}@example.se",
            settings.DEMO_PASSWORD,
            first_name=first_name,
            last_name=last_name,
        )
    user.groups.add(group)
    return Account(username, f"Redaktör på {unit.name}")


def _group(unit: Unit) -> Group:
    """Return the unit's editors: their own section, and the services and units."""
    group, _ = Group.objects.get_or_create(name=f"Redaktörer: {unit.name}")
    for app_label, codename in SNIPPET_PERMISSIONS:
        group.permissions.add(
            Permission.objects.get(content_type__app_label=app_label, codename=codename)
        )
    for page in ContentPage.objects.filter(unit=unit, depth=3, show_in_menus=True):
        for codename in PAGE_PERMISSIONS:
            permission = Permission.objects.get(
                content_type__app_label="wagtailcore", codename=codename
            )
            GroupPagePermission.objects.get_or_create(
                group=group, page=page.page_ptr, permission=permission
            )
    return group
