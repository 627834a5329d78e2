"""Short ways to make what the tests need; each returns saved objects."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from testapp.models import (
    ArticlePage,
    HomePage,
    MyServicesPage,
    ServiceCataloguePage,
)
from wagtail.models import GroupPagePermission, Locale, Page, Site

from wagtail_medborgare.services.models import (
    Channel,
    GroupUnit,
    Module,
    ModuleClosedDay,
    ModuleLink,
    ModuleOpeningHours,
    ModuleService,
    Service,
    ServiceDeadline,
    Unit,
)
from wagtail_medborgare.situations.models import LifeSituation

_numbers = count(1)


def make_situation(name: str = "", **fields: Any) -> LifeSituation:
    name = name or f"Situation {next(_numbers)}"
    return LifeSituation.objects.create(name=name, **fields)


def make_home(**fields: Any) -> HomePage:
    """Make the start page of the default site."""
    root = Page.objects.filter(depth=1).first()
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(pk=root.pk)
    fields.setdefault("title", "Start")
    fields.setdefault("slug", "start")
    home = root.add_child(instance=HomePage(**fields))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": "testserver",
            "root_page": home,
            "site_name": "Testkommun",
        },
    )
    Site.clear_site_root_paths_cache()
    return home


def make_page(parent: Page, cls: type[Page] = ArticlePage, **fields: Any) -> Any:
    number = next(_numbers)
    situations = fields.pop("situations", ())
    fields.setdefault("title", f"Page {number}")
    fields.setdefault("slug", f"page-{number}")
    parent = Page.objects.get(pk=parent.pk)
    page = parent.add_child(instance=cls(**fields))
    if situations:
        page.life_situations.set(situations)
        page.save()
    return page


def make_my_services(parent: Page, **fields: Any) -> MyServicesPage:
    fields.setdefault("title", "Mina tjänster")
    fields.setdefault("slug", "mina-tjanster")
    return make_page(parent, MyServicesPage, **fields)


def make_catalogue(parent: Page, **fields: Any) -> ServiceCataloguePage:
    fields.setdefault("title", "Alla tjänster")
    fields.setdefault("slug", "tjanster")
    return make_page(parent, ServiceCataloguePage, **fields)


def make_unit(name: str = "", **fields: Any) -> Unit:
    return Unit.objects.create(name=name or f"Unit {next(_numbers)}", **fields)


def make_service(name: str = "", **fields: Any) -> Service:
    situations = fields.pop("situations", ())
    channels = fields.pop("channels", ())
    deadlines = fields.pop("deadlines", ())
    service = Service(
        name=name or f"Service {next(_numbers)}",
        locale=fields.pop("locale", None) or Locale.get_default(),
        **fields,
    )
    service.channels = [Channel(**channel) for channel in channels]
    service.deadlines = [ServiceDeadline(**deadline) for deadline in deadlines]
    service.save()
    if situations:
        service.life_situations.set(situations)
        service.save()
    return service


def make_module(title: str = "", **fields: Any) -> Module:
    """Make a published module; ``hours`` are (weekday, opens, closes)."""
    situations = fields.pop("situations", ())
    fields.setdefault("live", True)
    links, services = fields.pop("links", ()), fields.pop("services", ())
    hours, closed = fields.pop("hours", ()), fields.pop("closed", {})
    module = Module(
        title=title or f"Module {next(_numbers)}",
        locale=fields.pop("locale", None) or Locale.get_default(),
        **fields,
    )
    module.links = [ModuleLink(**link) for link in links]
    module.service_items = [ModuleService(service=service) for service in services]
    module.opening_hours = [
        ModuleOpeningHours(weekday=weekday, opens=opens, closes=closes)
        for weekday, opens, closes in hours
    ]
    module.closed_days = [
        ModuleClosedDay(date=date, label=label) for date, label in closed.items()
    ]
    module.save()
    if situations:
        module.life_situations.set(situations)
        module.save()
    return module


def make_editor(username: str = "editor", *, is_superuser: bool = True) -> Any:
    return get_user_model().objects.create_user(
        username, password="secret", is_staff=True, is_superuser=is_superuser
    )


def make_group(
    name: str, *permissions: str, units: Any = (), approves: Any = ()
) -> Group:
    """Make a group that may log in to the admin; permissions are codenames of ours."""
    group = Group.objects.create(name=name)
    ours = Q(content_type__app_label="medborgare_services", codename__in=permissions)
    found = Permission.objects.filter(
        ours | Q(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    assert len(found) == len(permissions) + 1, permissions
    group.permissions.set(found)
    for unit in {*units, *approves}:
        GroupUnit.objects.create(group=group, unit=unit, may_approve=unit in approves)
    return group


def make_staff(username: str, *groups: Group, **fields: Any) -> Any:
    """Make somebody who works in some groups and is no superuser."""
    fields.setdefault("email", f"{username}@example.se")
    user = get_user_model().objects.create_user(username, password="secret", **fields)
    user.groups.set(groups)
    return user


def give_pages(group: Group, page: Page, *actions: str) -> None:
    """Let a group do something with a page and all that is below it."""
    for action in actions:
        GroupPagePermission.objects.create(
            group=group,
            page=Page.objects.get(pk=page.pk),
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=f"{action}_page"
            ),
        )


def service_form_data(**values: object) -> dict[str, object]:
    data: dict[str, object] = {
        "name": "Ansök", "slug": "", "summary": "", "category": "", "cost": "",
        "handling_time": "", "unit": "", "needs_assessment": "unknown",
        "description": "null", "have_at_hand": "null", "what_happens_then": "null",
    }  # fmt: skip
    for relation in ("channels", "deadlines"):
        data |= {
            f"{relation}-TOTAL_FORMS": 0,
            f"{relation}-INITIAL_FORMS": 0,
            f"{relation}-MIN_NUM_FORMS": 0,
            f"{relation}-MAX_NUM_FORMS": 1000,
        }
    return data | values


def module_form_data(**values: object) -> dict[str, object]:
    data: dict[str, object] = {
        "kind": "text", "title": "Rubrik", "unit": "", "text": "null",
        "feed_url": "", "feed_limit": 5,
    }  # fmt: skip
    for relation in ("links", "service_items", "opening_hours", "closed_days"):
        data |= {
            f"{relation}-TOTAL_FORMS": 0,
            f"{relation}-INITIAL_FORMS": 0,
            f"{relation}-MIN_NUM_FORMS": 0,
            f"{relation}-MAX_NUM_FORMS": 1000,
        }
    return data | values


def make_block(kind: str, **value: Any) -> dict[str, Any]:
    """Return a block as it stands in a stream."""
    return {"type": kind, "value": value}


def make_notice(
    text: str, *situations: Any, mode: str = "only", segments: Any = ()
) -> dict[str, Any]:
    """Return a block for those in some situations or segments."""
    audience = {
        "mode": mode,
        "situations": [item.pk for item in situations],
        "segments": [item.pk for item in segments],
    }
    return make_block("notice", text=text, audience=audience)
