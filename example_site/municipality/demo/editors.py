from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from municipality.models import ContentPage, StartPage
from wagtail_medborgare.services.models import (
    GroupUnit,
    Service,
    Unit,
    UnitApprovalTask,
)

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
# Looks after what belongs to no unit, imported services among it.
CENTRAL = ("klara", "Klara", "Nyström")
CENTRAL_GROUP = "Redaktörer: hela kommunen"
# Who approves what these units publish; the others publish without asking.
APPROVERS = {
    "barn-och-utbildning": ("karin", "Karin", "Ek"),
    "samhallsbyggnad": ("johan", "Johan", "Lund"),
}
WORKFLOW = "Verksamheten godkänner"
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
SNIPPET_PERMISSIONS = (
    ("wagtailadmin", "access_admin"),
    ("medborgare_services", "add_service"),
    ("medborgare_services", "change_service"),
    ("medborgare_services", "publish_service"),
    ("medborgare_services", "add_module"),
    ("medborgare_services", "change_module"),
    ("medborgare_services", "publish_module"),
    ("medborgare_services", "change_unit"),
    ("medborgare_services", "publish_unit"),
)
# What is shared by all units is looked after by one.
CENTRAL_PERMISSIONS = (
    *SNIPPET_PERMISSIONS,
    *(
        ("medborgare_situations", f"{action}_{model}")
        for model in ("lifesituation", "persona")
        for action in ("add", "change", "delete")
    ),
    ("medborgare_services", "delete_service"),
    ("medborgare_services", "delete_module"),
)
FILE_PERMISSIONS = (
    ("wagtailimages", "add_image"),
    ("wagtailimages", "change_image"),
    ("wagtailimages", "choose_image"),
    ("wagtaildocs", "add_document"),
    ("wagtaildocs", "change_document"),
    ("wagtaildocs", "choose_document"),
)


@dataclass(frozen=True)
class Account:
    """Who can log in, and as what."""

    username: str
    role: str


def load_editors() -> list[Account]:
    """Create a group and an editor for each unit, and somebody who may do everything."""
    central = _user(*CENTRAL)
    central.groups.add(_central_group())
    accounts = [
        _superuser(),
        Account(central.username, "Redaktör för hela kommunen"),
    ]
    for unit in Unit.objects.filter(slug__in=EDITORS):
        user = _user(*EDITORS[unit.slug])
        user.groups.add(_group(unit))
        accounts.append(Account(user.username, f"Redaktör på {unit.name}"))
    for unit in Unit.objects.filter(slug__in=APPROVERS):
        user = _user(*APPROVERS[unit.slug])
        user.groups.add(_group(unit, may_approve=True))
        accounts.append(Account(user.username, f"Godkänner för {unit.name}"))
    _load_workflow()
    return accounts


def _superuser() -> Account:
    users = get_user_model().objects
    if not users.filter(username=ADMIN).exists():
        users.create_superuser(ADMIN, "admin@example.se", settings.DEMO_PASSWORD)
    return Account(ADMIN, "Får göra allt")


def _user(username: str, first_name: str, last_name: str) -> Any:
    users = get_user_model().objects
    user = users.filter(username=username).first()
    return user or users.create_user(
        username,
        f"{username}@example.se",
        settings.DEMO_PASSWORD,
        first_name=first_name,
        last_name=last_name,
    )


def _central_group() -> Group:
    """Return the group that belongs to no unit: what it may, it may everywhere."""
    group, _ = Group.objects.get_or_create(name=CENTRAL_GROUP)
    for app_label, codename in CENTRAL_PERMISSIONS:
        _give(group, app_label, codename)
    _give_files(group)
    start = StartPage.objects.first()
    for codename in PAGE_PERMISSIONS if start is not None else ():
        _give_page(group, start, codename)
    return group


def _group(unit: Unit, *, may_approve: bool = False) -> Group:
    """Return the unit's editors or approvers: its section, services and texts."""
    name = "Godkänner" if may_approve else "Redaktörer"
    group, _ = Group.objects.get_or_create(name=f"{name}: {unit.name}")
    GroupUnit.objects.update_or_create(
        group=group, unit=unit, defaults={"may_approve": may_approve}
    )
    # Where somebody approves, the editors submit what the others publish themselves.
    asks_first = unit.slug in APPROVERS and not may_approve
    for app_label, codename in SNIPPET_PERMISSIONS:
        _give(group, app_label, codename, take_back=asks_first)
    _give_files(group)
    for page in ContentPage.objects.filter(unit=unit, depth=3, show_in_menus=True):
        for codename in PAGE_PERMISSIONS:
            _give_page(group, page, codename, take_back=asks_first)
    return group


def _give(
    group: Group, app_label: str, codename: str, *, take_back: bool = False
) -> None:
    permission = Permission.objects.get(
        content_type__app_label=app_label, codename=codename
    )
    if take_back and codename.startswith("publish_"):
        group.permissions.remove(permission)
    else:
        group.permissions.add(permission)


def _give_files(group: Group) -> None:
    """Let a group work with all images and documents: they belong to no unit."""
    for app_label, codename in FILE_PERMISSIONS:
        GroupCollectionPermission.objects.get_or_create(
            group=group,
            collection=Collection.get_first_root_node(),
            permission=Permission.objects.get(
                content_type__app_label=app_label, codename=codename
            ),
        )


def _give_page(
    group: Group, page: Any, codename: str, *, take_back: bool = False
) -> None:
    permission = Permission.objects.get(
        content_type__app_label="wagtailcore", codename=codename
    )
    held = GroupPagePermission.objects.filter(
        group=group, page=page.page_ptr, permission=permission
    )
    if take_back and codename.startswith("publish_"):
        held.delete()
    elif not held.exists():
        GroupPagePermission.objects.create(
            group=group, page=page.page_ptr, permission=permission
        )


def _load_workflow() -> None:
    """Let the owning unit approve services, and pages in the whole site."""
    if Workflow.objects.filter(name=WORKFLOW).exists():
        return
    task = UnitApprovalTask.objects.create(name="Godkännande i verksamheten")
    workflow = Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(Service),
        defaults={"workflow": workflow},
    )
    start = StartPage.objects.first()
    if start is not None:
        WorkflowPage.objects.update_or_create(
            page=start.page_ptr, defaults={"workflow": workflow}
        )
