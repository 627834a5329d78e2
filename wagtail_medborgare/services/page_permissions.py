"""Pages that belong to units, on top of Wagtail's own page permissions."""

from typing import Any

from wagtail.models import Page, PagePermissionTester

from wagtail_medborgare.services.owners import owner_of_listed_page, pages_of_others
from wagtail_medborgare.services.rights import rights_of


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
        for held in self.permission_policy.get_cached_permissions_for_user(self.user):
            if self.page.path.startswith(held.page.path):
                action = held.permission.codename.rsplit("_", maxsplit=1)[0]
                self._groups_here.setdefault(held.group_id, set()).add(action)
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

    def units_to_choose(self) -> frozenset[int] | None:
        """Return the units that pages here may be given to; None is all of them."""
        if self.user.is_superuser:
            return None
        rights = rights_of(self.user)
        if any(map(rights.is_central, self._groups_here)):
            return None
        return frozenset().union(
            *(rights.units_of_group[group_pk] for group_pk in self._groups_here)
        )

    def can_publish_for_all_units(self) -> bool:
        """Say whether the right to publish comes from no unit of the user's own."""
        if not self.user.is_active:
            return False
        return self.user.is_superuser or any(
            "publish" in actions and rights_of(self.user).is_central(group_pk)
            for group_pk, actions in self._groups_here.items()
        )

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        # Moving asks here as well; both take the pages below along.
        may: bool = super().can_delete(ignore_bulk)
        if not may or self.page.is_leaf():
            return may
        units = self.units_to_choose()
        return units is None or not pages_of_others(self.page, units).exists()

    def can_copy(self) -> bool:
        # Reading is free: what counts is where the copy goes, and that is asked there.
        return bool(PagePermissionTester(self.user, self.page).can_edit())
