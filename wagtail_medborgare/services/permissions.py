"""Units own their content: who may do what with what belongs to a unit."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_permission_codename, get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_medborgare.services.models import Module, Service, Unit
from wagtail_medborgare.services.owners import owner_field, owner_of
from wagtail_medborgare.services.rights import rights_of

ACTIONS = ("view", "add", "change", "delete", "publish", "lock", "unlock")


class UnitPermissionPolicy(ModelPermissionPolicy):
    """A permission reaches what belongs to the units of the group that holds it.

    For models with a foreign key ``unit``, and for units themselves. Somebody may do
    something with an object when they are a superuser, when one of their groups that
    holds Django's permission works for the object's unit or for no unit at all (a
    central group), or when they were given the permission themselves.

    Everybody with any permission on the model sees the content of all units, and can
    choose and copy it. What belongs to no unit is changed by those who may everywhere.
    A unit is its own: its editors change its texts, but only those who may everywhere
    add, delete and order units.
    """

    @property
    def central_actions(self) -> frozenset[str]:
        """The actions that no unit's own group may do, whatever it was given."""
        return frozenset({"add", "delete"} if issubclass(self.model, Unit) else ())

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether somebody may do this with some object or other."""
        if action == "view":
            return any(self._holds(user, each) for each in ACTIONS)
        if action in self.central_actions:
            return self.user_has_permission_everywhere(user, action)
        return self._holds(user, action)

    def user_has_permission_everywhere(self, user: Any, action: str) -> bool:
        """Say whether somebody may do this with what belongs to any unit or to none."""
        if not self._holds(user, action):
            return False
        name = self._name(action)
        return bool(user.is_superuser or rights_of(user).is_everywhere(name))

    def units_user_has_permission_for(
        self, user: Any, action: str
    ) -> frozenset[int] | None:
        """Return the units whose content somebody may do this with; None is all."""
        if self.user_has_permission_everywhere(user, action):
            return None
        if action in self.central_actions or not self._holds(user, action):
            return frozenset()
        return rights_of(user).units_for(self._name(action))

    def user_has_permission_for_owner(
        self, user: Any, action: str, owner: int | None
    ) -> bool:
        """Say whether somebody may do this with what belongs to a unit (or nobody)."""
        if action == "view":
            return self.user_has_permission(user, action)
        units = self.units_user_has_permission_for(user, action)
        return units is None or owner in units

    def user_has_permission_for_instance(
        self, user: Any, action: str, instance: Any
    ) -> bool:
        if action == "view":
            return self.user_has_permission(user, action)
        # Whose it is, is read only where the answer depends on it.
        units = self.units_user_has_permission_for(user, action)
        return units is None or bool(units) and owner_of(instance) in units

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Any]:
        everything = self.model._default_manager.all()
        reached: set[int] = set()
        for action in actions:
            if action == "view" and self.user_has_permission(user, action):
                return everything
            units = self.units_user_has_permission_for(user, action)
            if units is None:
                return everything
            reached |= units
        if not reached:
            return everything.none()
        return everything.filter(**{f"{owner_field(self.model)}__in": reached})

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        actions = set(actions)
        return super().users_with_any_permission(
            actions | set(ACTIONS) if "view" in actions else actions
        )

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Any
    ) -> QuerySet[Any]:
        actions = set(actions)
        if "view" in actions:
            return self.users_with_any_permission(actions)
        # A central action needs a central group; the others the unit's own as well.
        own = self._users_of(actions - self.central_actions, owner_of(instance))
        central = self._users_of(actions & self.central_actions, None)
        users = get_user_model()._default_manager.filter(is_active=True)
        return users.filter(Q(is_superuser=True) | own | central).distinct()

    def _users_of(self, actions: Iterable[str], owner: int | None) -> Q:
        permissions = Permission.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            codename__in=[
                get_permission_codename(action, self.model._meta) for action in actions
            ],
        )
        works_here = Q(unit_links__isnull=True)
        if owner is not None:
            works_here |= Q(unit_links__unit=owner)
        groups = Group.objects.filter(works_here, permissions__in=permissions)
        return Q(user_permissions__in=permissions) | Q(groups__in=groups)

    def _name(self, action: str) -> str:
        codename = get_permission_codename(action, self.model._meta)
        return f"{self.model._meta.app_label}.{codename}"

    def _holds(self, user: Any, action: str) -> bool:
        return bool(user.has_perm(self._name(action)))


class OneObjectPolicy(UnitPermissionPolicy):
    """The same answers, about one object: for a view that shows only that one.

    Wagtail's snippet views ask whether one may change *snippets of this kind*; through
    this policy the same question is about the snippet they were opened for.
    """

    def __init__(self, model: type[Model], owner: int | None) -> None:
        super().__init__(model)
        self.owner = owner

    def user_has_permission(self, user: Any, action: str) -> bool:
        may = super().user_has_permission(user, action)
        # To add is to make another one, by copying: the form says for which unit.
        if not may or action in {"add", "view"}:
            return may
        return self.user_has_permission_for_owner(user, action, self.owner)


service_permission_policy = UnitPermissionPolicy(Service)
unit_permission_policy = UnitPermissionPolicy(Unit)
module_permission_policy = UnitPermissionPolicy(Module)
