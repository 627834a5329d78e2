"""Pages that belong to units, on top of Wagtail's own page permissions."""

from collections import defaultdict
from typing import Any

from wagtail.models import Page, PagePermissionTester
from wagtail.permissions import page_permission_policy

from wagtail_medborgare.services.owners import (
    owner_of_draft,
    owner_of_listed_page,
    pages_of_others,
)
from wagtail_medborgare.services.rights import rights_of


def can_publish_for_all_units(user: Any, page: Page) -> bool:
    """Say whether the right to publish a page comes from no unit of the user's own.

    Asks nothing for the page: what the user's groups may do is kept on the user.
    """
    if not user.is_active or user.is_superuser:
        return bool(user.is_active)
    rights = rights_of(user)
    return any(
        "publish" in actions and rights.is_central(group_pk)
        for group_pk, actions in _groups_with_actions(user, page).items()
    )


def _groups_with_actions(user: Any, page: Page) -> dict[int, set[str]]:
    """Return what each group of a user may do with a page, as Wagtail has it."""
    found: dict[int, set[str]] = defaultdict(set)
    for held in page_permission_policy.get_cached_permissions_for_user(user):
        if page.path.startswith(held.page.path):
            action = held.permission.codename.rsplit("_", maxsplit=1)[0]
            found[held.group_id].add(action)
    return dict(found)


class UnitPagePermissionTester(PagePermissionTester):
    """What somebody may do with a page that belongs to a unit.

    Wagtail gives a group permissions on a page and all that is below it. What is added:
    of those, a group that works for units keeps only what reaches pages of its own
    units. A page belongs to the unit it names, else to that of the nearest page above
    that names one; a page that belongs to nobody follows Wagtail alone. Central groups
    and superusers keep everything, and so does whoever approves a page in a workflow.

    Nothing is ever added to what Wagtail permits. Seeing a page in the explorer, and
    copying it, are as before.
    """

    user: Any

    def __init__(self, user: Any, page: Page) -> None:
        super().__init__(user, page)
        self._groups_here: dict[int, set[str]] = {}
        if not user.is_active:
            self.permissions = set()  # Wagtail's own asks for it all the same.
        elif not user.is_superuser:
            self._keep_what_reaches()

    def _keep_what_reaches(self) -> None:
        self._groups_here = _groups_with_actions(self.user, self.page)
        rights = rights_of(self.user) if self._groups_here else None
        if rights is None or all(map(rights.is_central, self._groups_here)):
            return
        owner = owner_of_listed_page(self.page, self.user)
        if owner is not None:
            self.permissions = set().union(
                *(
                    actions
                    for group_pk, actions in self._groups_here.items()
                    if rights.group_works_for(group_pk, owner)
                )
            )

    def units_where(self, *actions: str) -> frozenset[int] | None:
        """Return the units for which one may do any of this here; None is all of them."""
        if self.user.is_superuser:
            return None
        rights = rights_of(self.user)
        groups = [
            group_pk
            for group_pk, held in self._groups_here.items()
            if not held.isdisjoint(actions)
        ]
        if any(map(rights.is_central, groups)):
            return None
        return frozenset().union(
            *(rights.units_of_group[group_pk] for group_pk in groups)
        )

    def units_to_choose(self) -> frozenset[int] | None:
        """Return the units that pages here may be given to; None is all of them."""
        return self.units_where("add", "change")

    def can_publish(self) -> bool:
        # The draft may name another unit than the page does.
        may: bool = super().can_publish()
        units = self.units_where("publish") if may else None
        if units is None or not self.page.has_unpublished_changes:
            return may
        owner = owner_of_draft(self.page)
        return owner is None or owner in units

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        # Moving asks here as well; both take the pages below along.
        may: bool = super().can_delete(ignore_bulk)
        if not may or self.page.is_leaf():
            return may
        return self._reaches_own_pages_only("change", "publish")

    def can_set_view_restrictions(self) -> bool:
        # It hides the pages below as well.
        may: bool = super().can_set_view_restrictions()
        return may and self._reaches_own_pages_only("publish")

    def _reaches_own_pages_only(self, *actions: str) -> bool:
        """Say whether all that is below is for units where one may do all of this."""
        limits = [self.units_where(action) for action in actions]
        return not any(
            pages_of_others(self.page, units).exists()
            for units in limits
            if units is not None
        )

    def can_copy(self) -> bool:
        # Reading is free: what counts is where the copy goes, and that is asked there.
        return bool(PagePermissionTester(self.user, self.page).can_edit())
