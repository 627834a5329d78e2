"""Access equals the committed table (T4); looking changes nothing (T6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from factories import (
    give_pages,
    make_editor,
    make_group,
    make_home,
    make_module,
    make_page,
    make_service,
    make_situation,
    make_staff,
    make_unit,
    service_form_data,
)
from security.access import ACCESS, INSIDE, METHODS, OUTSIDE, ROLES, Rule
from security.digest import database_digest
from security.urlconf import addresses, our_admin_names
from testapp.models import Banner, HomePage
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from wagtail_medborgare.core.guide import CHAPTERS
from wagtail_medborgare.services.models import Module, Service, Unit, UnitApprovalTask
from wagtail_medborgare.situations.models import Persona

pytestmark = pytest.mark.django_db

MISSING = 999_999
FORM = "application/x-www-form-urlencoded"
SAFE = ("GET", "HEAD", "OPTIONS")
# What an address may call the thing it is about, and what hangs on that thing.
IDENTITIES = ("pk", "page_pk", "parent_pk")
PARTS = ("revision_id", "revision_id_b", "task_state_id", "workflow_state_id")
ARGUMENTS = {item.name: item.arguments for item in addresses()}


@dataclass(frozen=True)
class Thing:
    """One object, as the arguments of every address that may be about it."""

    arguments: dict[str, Any]

    @classmethod
    def of(cls, thing: Any, **hanging: int) -> Thing:
        parts = dict.fromkeys((*PARTS, "task_id"), MISSING)
        return cls(
            {
                **dict.fromkeys(IDENTITIES, thing.pk),
                "app_label": thing._meta.app_label,
                "model_name": thing._meta.model_name,
                "revision_id_a": "live",
                "action_name": "approve",
                **parts,
                **hanging,
            }
        )

    def but(self, **changes: Any) -> Thing:
        return Thing({**self.arguments, **changes})


class Town:
    """Two units with all that the administration shows, and everybody who may come."""

    def __init__(self) -> None:
        # Two of each owner, and two that own the services: those cannot be deleted.
        names = ("Skola", "Förskola", "Bygg", "Gator", "Gymnasium", "Vatten")
        self.units = [
            make_unit(name, sort_order=number) for number, name in enumerate(names)
        ]
        self.schools, self.building = self.units[4:]
        self.task = UnitApprovalTask.objects.create(name="Verksamheten")
        self.workflow = Workflow.objects.create(name="Granskning")
        WorkflowTask.objects.create(workflow=self.workflow, task=self.task)
        for model in (Service, Unit, Module):
            WorkflowContentType.objects.create(
                workflow=self.workflow,
                content_type=ContentType.objects.get_for_model(model),
            )
        self.superuser = make_editor("boss")
        situations = [make_situation(sort_order=number) for number in range(2)]
        owners = (self.schools, self.schools, self.building, self.building)
        self.home = make_home()
        sections = [
            make_page(self.home, HomePage, unit=unit)
            for unit in (self.schools, self.building)
        ]
        # Kind of object: its quiet one, its waiting one, and another unit's of both.
        self.things = {
            "service": self._things(*(make_service(unit=unit) for unit in owners)),
            "unit": self._things(*self.units[:4]),
            "module": self._things(*(make_module(unit=unit) for unit in owners)),
            "lifesituation": self._things(*situations, *situations[::-1]),
            "persona": self._plain(
                *(Persona.objects.create(name=name) for name in "AB")
            ),
            "banner": self._plain(*(Banner.objects.create(name=name) for name in "AB")),
            "page": self._plain(*sections),
            "chapter": {"quiet": Thing({"slug": CHAPTERS[1]})},
        }
        self.clients = self._clients()

    def _things(
        self, quiet: Any, waiting: Any, foreign: Any, foreign_waiting: Any
    ) -> Any:
        return {
            "quiet": self._hang_on(quiet),
            "waiting": self._hang_on(waiting, waits=True),
            "foreign quiet": self._hang_on(foreign),
            "foreign waiting": self._hang_on(foreign_waiting, waits=True),
        }

    def _hang_on(self, thing: Any, *, waits: bool = False) -> Thing:
        if not hasattr(thing, "save_revision"):
            return Thing.of(thing)
        revision = thing.save_revision()
        hanging = {"revision_id": revision.pk, "revision_id_b": revision.pk}
        if not hasattr(thing, "workflow_states"):
            return Thing.of(thing, **hanging)
        if not waits:
            revision.publish()
            return Thing.of(thing, **hanging)
        state = self.workflow.start(thing, self.superuser)
        return Thing.of(
            thing,
            **hanging,
            task_state_id=state.current_task_state.pk,
            workflow_state_id=state.pk,
            task_id=self.task.pk,
        )

    def _plain(self, own: Any, foreign: Any) -> dict[str, Thing]:
        """Return things that are in no workflow."""
        return {"quiet": Thing.of(own), "foreign quiet": Thing.of(foreign)}

    def _clients(self) -> dict[str, Client]:
        def each(*actions: str) -> list[str]:
            kinds = ("service", "unit", "module")
            return [f"{action}_{kind}" for action in actions for kind in kinds]

        schools = [*self.units[:2], self.schools]
        building = [*self.units[2:4], self.building]
        every = each("view", "add", "change", "delete", "publish", "lock", "unlock")
        central = make_group("Centrala", *every)
        central.permissions.add(
            *Permission.objects.filter(
                Q(content_type__app_label__startswith="medborgare_")
                | Q(content_type__app_label="testapp")
            )
        )
        own = make_group("O", *every, units=schools)
        other = make_group("T", *every, units=building)
        for group in (central, own, other):
            # The same pages for all: what parts them is whose a page is.
            give_pages(group, self.home, "add", "change", "publish")
        users = {
            "resident": make_staff("resident"),
            "deactivated": make_staff("deactivated", central, is_active=False),
            "own": make_staff("own", own),
            "other": make_staff("other", other),
            "adder": make_staff("adder", make_group("A", *each("add"), units=schools)),
            "viewer": make_staff("viewer", make_group("V", *each("view"), units=schools)),
            "central": make_staff("central", central),
            "approver": make_staff(
                "approver", make_group("P", *each("publish"), approves=schools)
            ),
            "superuser": self.superuser,
        }  # fmt: skip
        # Each unit has somebody who approves, so that nobody else stands in.
        make_staff("colleague", make_group("Q", approves=building))
        clients = {role: Client(raise_request_exception=False) for role in ROLES}
        for role, user in users.items():
            clients[role].force_login(user)
        return clients


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@dataclass(frozen=True)
class Cell:
    """One question: what does this address answer somebody in this role?"""

    name: str
    about: str
    path: str
    role: str
    method: str
    expected: frozenset[str]


def rules(*spaces: str) -> Iterator[tuple[str, str, Rule]]:
    """Return what each rule is about, the name of the address, and the rule."""
    for space in spaces or ACCESS:
        for view, found in ACCESS[space].items():
            for rule in found if isinstance(found, tuple) else (found,):
                yield rule.kind or space.rpartition("_")[2], f"{space}:{view}", rule


def address(name: str, thing: Thing | None = None) -> str:
    """Return the path of a view about a thing."""
    keys = ARGUMENTS[name]
    known = thing.arguments if thing else {}
    return reverse(name, kwargs={key: known[key] for key in keys})


def paths(town: Town, kind: str, name: str, rule: Rule) -> dict[str, str]:
    """Return the paths to try: one's own thing, another's, none, and a mixed pair."""
    keys = set(ARGUMENTS[name])
    if not keys or rule.thing == "nothing":
        return {"own" if rule.thing != "nothing" else "missing": address(name)}
    own = town.things[kind][rule.thing]
    found = {"own": address(name, own)}
    identity = next((key for key in IDENTITIES if key in keys), None)
    if identity:
        foreign = town.things[kind][f"foreign {rule.thing}"]
        found["foreign"] = address(name, foreign)
        found["missing"] = address(name, own.but(**{identity: MISSING}))
        if keys & set(PARTS):
            mixed = foreign.but(**{identity: own.arguments[identity]})
            found["foreign part"] = address(name, mixed)
    if "slug" in keys:
        found["missing"] = address(name, own.but(slug="no-such"))
    return found


def expected(rule: Rule, about: str, role: str, method: str) -> frozenset[str]:
    """Read the table."""
    if role in OUTSIDE:
        return frozenset({"login"})
    roles = rule.foreign_roles if about == "foreign" else rule.roles
    is_let_in = role in roles and method != rule.held
    is_there = about in {"own", "foreign"}
    answer = ("in" if is_there else "missing") if is_let_in else "refused"
    answers = {answer}
    if not is_let_in and not is_there:
        answers.add("missing")
    if method not in rule.methods:
        # Which of two reasons is told first is Django's.
        answers = answers - {"in"} | {"no method"}
    return frozenset(answers)


def methods_for(about: str, role: str) -> tuple[str, ...]:
    """Return the methods to try; not all of them where they could tell nothing new."""
    if about == "own":
        return METHODS
    if about == "foreign" and role in INSIDE:
        return tuple(method for method in METHODS if method != "HEAD")
    return ("GET", "POST")


def cells(town: Town, *spaces: str) -> Iterator[Cell]:
    for kind, name, rule in rules(*spaces):
        for about, path in paths(town, kind, name, rule).items():
            for role in ROLES:
                for method in methods_for(about, role):
                    answers = expected(rule, about, role, method)
                    yield Cell(name, about, path, role, method, answers)


def answer(response: Any) -> str:
    """Say in the table's words what came back."""
    if response.status_code == 302:
        path = response["Location"].partition("?")[0]
        words = {"/admin/login/": "login", "/admin/": "refused"}
        return words.get(path, "in")
    words_of_status = {403: "refused", 404: "missing", 405: "no method"}
    # Let in, and told what is wrong with the form.
    words_of_status |= dict.fromkeys((400, 422), "in")
    if response.status_code >= 400:
        return words_of_status.get(response.status_code, str(response.status_code))
    return "in"


def ask(town: Town, cell: Cell) -> str:
    """Ask, and take back whatever the answer changed."""
    client = town.clients[cell.role]
    if cell.method in SAFE:
        return answer(client.generic(cell.method, cell.path))
    with transaction.atomic():
        said = answer(client.generic(cell.method, cell.path, b"name=Namn", FORM))
        transaction.set_rollback(True)
    return said


def told(wrong: list[tuple[Cell, str]]) -> dict[tuple[str, ...], list[str]]:
    """Put the roles together whose cells are wrong in the same way."""
    found: dict[tuple[str, ...], list[str]] = {}
    for cell, word in wrong:
        key = (cell.name, cell.about, cell.method, word)
        found.setdefault(key, []).append(cell.role)
    return found


def test_every_address_of_the_administration_is_listed():
    listed = {name for _kind, name, _rule in rules()}

    assert our_admin_names() - listed == set(), "unlisted URL"
    assert listed - our_admin_names() == set(), "no such URL any more"


def test_the_table_asks_every_kind_of_question(town):
    asked = list(cells(town))
    said = Counter(word for cell in asked for word in cell.expected)

    print(f"T4: {len(asked)} cells, {dict(said)}")
    assert len(asked) >= 10_000
    # Else everybody could have been sent to log in.
    assert min(said[word] for word in ("login", "refused", "missing", "in")) > 100


@pytest.mark.parametrize("space", ACCESS)
def test_every_cell_answers_as_the_table_says_and_looking_changes_nothing(town, space):
    # What a role sees for the first time makes its profile: let that have happened.
    for client in town.clients.values():
        client.get("/admin/")
    before = database_digest()

    said = [(cell, ask(town, cell)) for cell in cells(town, space)]

    wrong = [(cell, word) for cell, word in said if word not in cell.expected]
    for (name, about, method, word), roles in told(wrong).items():
        print(f"  {name} {about} {method}: {word} for {', '.join(roles)}")
    assert said
    assert wrong == []
    assert database_digest() == before


def test_many_at_once_are_deleted_by_those_who_may_delete_each(town):
    own = town.things["service"]["quiet"].arguments["pk"]
    foreign = town.things["service"]["foreign quiet"].arguments["pk"]
    path = f"/admin/bulk/medborgare_services/service/delete/?id={own}&id={foreign}"
    deleted = {}

    for role, client in town.clients.items():
        with transaction.atomic():
            client.post(path)
            left = set(Service.objects.values_list("pk", flat=True))
            deleted[role] = {own, foreign} - left
            transaction.set_rollback(True)

    assert deleted == {
        **dict.fromkeys(ROLES, set()),
        "own": {own},
        "other": {foreign},
        "central": {own, foreign},
        "superuser": {own, foreign},
    }


@pytest.mark.parametrize("view", ["add", "edit"])
def test_no_field_outside_the_form_can_be_assigned(town, view):
    own = Service.objects.get(pk=town.things["service"]["quiet"].arguments["pk"])
    path = f"/admin/snippets/medborgare_services/service/{view}/"
    path += f"{own.pk}/" if view == "edit" else ""
    client = town.clients["own"]
    in_form = set(client.get(path).context["form"].fields)
    others = [
        field.name
        for field in Service._meta.concrete_fields
        if field.name not in in_form
    ]
    before = {name: getattr(own, name) for name in others}
    plain = service_form_data(name="Ny", slug="ny", unit=town.schools.pk)
    made = {}

    for key, extra in {"without": {}, "with": dict.fromkeys(others, "1")}.items():
        with transaction.atomic():
            response = client.post(path, plain | extra)
            assert response.status_code == 302, response.text
            service = Service.objects.order_by("-pk").first() if view == "add" else own
            service.refresh_from_db()
            made[key] = {name: getattr(service, name) for name in others}
            transaction.set_rollback(True)

    assert len(others) >= 15, others
    own_each_time = {"id", "translation_key", "latest_revision"}
    for name in set(others) - own_each_time:
        assert made["with"][name] == made["without"][name], name
    assert made["with"]["id"] != 1 or view == "edit"
    if view == "edit":
        assert made["with"]["id"] == before["id"]
        assert made["with"]["translation_key"] == before["translation_key"]
