"""What a user's groups may do, and for which units."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

_KEPT_AS = "_medborgare_unit_rights"


@dataclass(frozen=True)
class UnitRights:
    """The groups of one user: where they work and which permissions they hold.

    A group that belongs to no unit is a *central* group: what it may, it may everywhere.
    """

    units_of_group: dict[int, frozenset[int]]
    groups_holding: dict[str, frozenset[int]]
    own_permissions: frozenset[str]
    """What the user was given directly, or by a login system of the site's own."""

    def is_central(self, group_pk: int) -> bool:
        """Say whether a group works for the whole municipality."""
        return not self.units_of_group.get(group_pk)

    def group_works_for(self, group_pk: int, unit_pk: int | None) -> bool:
        """Say whether what a group may do reaches what belongs to a unit."""
        return self.is_central(group_pk) or unit_pk in self.units_of_group[group_pk]

    def is_everywhere(self, permission: str) -> bool:
        """Say whether the user has ``app.codename`` for all units.

        Ask only when the user has the permission at all: one that none of the groups
        holds was then given to the user.
        """
        holders = self.groups_holding.get(permission, frozenset())
        return (
            not holders
            or permission in self.own_permissions
            or any(self.is_central(group_pk) for group_pk in holders)
        )

    def units_for(self, permission: str) -> frozenset[int]:
        """Return the units for which the user's groups hold ``app.codename``."""
        holders = self.groups_holding.get(permission, frozenset())
        return frozenset().union(
            *(self.units_of_group[group_pk] for group_pk in holders)
        )

    @property
    def units(self) -> frozenset[int]:
        """Every unit that the user works for."""
        return frozenset().union(*self.units_of_group.values())


def rights_of(user: Any) -> UnitRights:
    """Return the rights of a user; read once for each user object, so once a request.

    Django keeps a user's permissions on the object in the same way and for as long.
    """
    rights: UnitRights | None = getattr(user, _KEPT_AS, None)
    if rights is None:
        rights = _read(user)
        setattr(user, _KEPT_AS, rights)
    return rights


def _read(user: Any) -> UnitRights:
    units: dict[int, set[int]] = defaultdict(set)
    for group_pk, unit_pk in user.groups.values_list("pk", "unit_links__unit"):
        units[group_pk].update(() if unit_pk is None else (unit_pk,))
    holding: dict[str, set[int]] = defaultdict(set)
    held = user.groups.filter(permissions__isnull=False).values_list(
        "pk", "permissions__content_type__app_label", "permissions__codename"
    )
    for group_pk, app_label, codename in held:
        holding[f"{app_label}.{codename}"].add(group_pk)
    return UnitRights(
        units_of_group={pk: frozenset(found) for pk, found in units.items()},
        groups_holding={name: frozenset(found) for name, found in holding.items()},
        own_permissions=frozenset(user.get_user_permissions()),
    )
