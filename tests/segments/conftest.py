from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import VisitorClient
from django.contrib.auth.models import Group, Permission
from factories import make_editor
from wagtail.models import GroupPagePermission, Page

ON_PAGES = ("add_page", "change_page", "publish_page")


@pytest.fixture
def log_in(db: None) -> Callable[..., VisitorClient]:
    """Log in an ordinary editor who may do this with these pages, and these things."""

    def make(
        *permissions: str, page: Page | None = None, username: str = "maja"
    ) -> VisitorClient:
        user = make_editor(username, is_superuser=False)
        group = Group.objects.create(name=f"Redaktörer: {username}")
        names = ["access_admin", *permissions]
        group.permissions.set(Permission.objects.filter(codename__in=names))
        for codename in ON_PAGES if page is not None else ():
            permission = Permission.objects.get(
                codename=codename, content_type__app_label="wagtailcore"
            )
            GroupPagePermission.objects.create(
                group=group, page=Page.objects.get(pk=page.pk), permission=permission
            )
        user.groups.add(group)
        client = VisitorClient()
        client.force_login(user)
        return client

    return make
