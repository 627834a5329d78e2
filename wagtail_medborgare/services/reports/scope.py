"""Whose content a report tells somebody about."""

from django.contrib.auth.models import AbstractBaseUser
from wagtail.models import Page
from wagtail.permissions import page_permission_policy
from wagtail.query import PageQuerySet

from wagtail_medborgare.services.models import Service

ANY_SERVICE = ("add", "change", "delete", "publish", "view")
ANY_PAGE = ("add", "change", "publish")


def may_see_services(user: AbstractBaseUser) -> bool:
    """Say whether the list of services is open to somebody."""
    policy = Service.snippet_viewset.permission_policy  # type: ignore[attr-defined]
    return bool(policy.user_has_any_permission(user, ANY_SERVICE))


def may_see_pages(user: AbstractBaseUser) -> bool:
    """Say whether somebody works with pages at all."""
    return bool(page_permission_policy.user_has_any_permission(user, ANY_PAGE))


def pages_seen_by(user: AbstractBaseUser) -> PageQuerySet:
    """Return the pages that somebody meets in the admin."""
    visible = page_permission_policy.explorable_instances(user)
    return Page.objects.filter(pk__in=visible.values("pk"), depth__gt=1)
