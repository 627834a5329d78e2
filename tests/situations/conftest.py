from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.http import QueryDict
from django.test import Client
from factories import make_editor, make_home
from wagtail.models import GroupPagePermission, Locale, Page
from wagtail.test.utils import WagtailTestUtils
from wagtail.test.utils.form_data import querydict_from_html
from wagtail.users.models import UserProfile

EDITS = ("add_page", "change_page", "publish_page")


class AdminClient(Client):
    """An editor's browser: it fills in the forms that it is shown."""

    def read_form(self, url: str, form_id: str) -> QueryDict:
        html = self.get(url).text
        form = querydict_from_html(html, form_id=form_id).copy()
        ticked = "input[type=checkbox][checked]:not([value])"
        for box in WagtailTestUtils.get_soup(html).select(f"#{form_id} {ticked}"):
            form[box["name"]] = "on"
        return form

    def send_form(self, url: str, form: QueryDict) -> Any:
        return self.post(url, dict(form.lists()))

    def add_row(self, form: QueryDict, prefix: str, **values: Any) -> None:
        number = int(form[f"{prefix}-TOTAL_FORMS"])
        form[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
        form[f"{prefix}-{number}-id"] = ""
        form[f"{prefix}-{number}-ORDER"] = str(number + 1)
        for name, value in values.items():
            form[f"{prefix}-{number}-{name}"] = str(value)


@pytest.fixture
def home(db: None) -> Any:
    return make_home()


@pytest.fixture
def admin(db: None) -> AdminClient:
    client = AdminClient()
    client.force_login(make_editor("admin"))
    return client


@pytest.fixture
def editor_with(db: None) -> Callable[..., AdminClient]:
    """Log in an editor who has these permissions on situations and edits all pages."""

    def log_in(*actions: str, language: str = "sv") -> AdminClient:
        user = make_editor(is_superuser=False)
        group = Group.objects.create(name="Redaktörer")
        names = ["access_admin", *(f"{action}_lifesituation" for action in actions)]
        group.permissions.set(Permission.objects.filter(codename__in=names))
        root = Page.objects.get(depth=1)
        for codename in ("add_page", "change_page", "publish_page"):
            permission = Permission.objects.get(
                codename=codename, content_type__app_label="wagtailcore"
            )
            GroupPagePermission.objects.create(
                group=group, page=root, permission=permission
            )
        user.groups.add(group)
        UserProfile.objects.create(user=user, preferred_language=language)
        client = AdminClient()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def editor_of(db: None) -> Callable[..., AdminClient]:
    """Log in an editor who may do some things with some pages, and beneath them."""

    def log_in(*pages: Page, codenames: tuple[str, ...] = EDITS) -> AdminClient:
        user = make_editor("local-editor", is_superuser=False)
        group = Group.objects.create(name="Lokala redaktörer")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for permission in Permission.objects.filter(
            codename__in=codenames, content_type__app_label="wagtailcore"
        ):
            for page in pages:
                GroupPagePermission.objects.create(
                    group=group, page_id=page.pk, permission=permission
                )
        user.groups.add(group)
        UserProfile.objects.create(user=user, preferred_language="en")
        client = AdminClient()
        client.force_login(user)
        client.user = user
        return client

    return log_in


@pytest.fixture
def finnish(db: None) -> Locale:
    return Locale.objects.create(language_code="fi")
