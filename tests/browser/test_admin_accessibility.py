"""axe on every view of ours in the administration, light and dark."""

from __future__ import annotations

import json
from typing import Any

import pytest
from browser.axe import problems
from security.access import ACCESS

# Shown inside a page of the administration, or as residents see it: no pages of their own.
PARTS = (
    "results", "choose", "chosen", "chosen_multiple", "create", "preview_on_edit",
    "preview_on_add", "revisions_view", "workflow_preview", "compare_saved",
    "collect_workflow_action_data", "workflow_action", "confirm_workflow_cancellation",
)  # fmt: skip

# Faults of Wagtail's own templates and styles (7.4, 8.0), which ours extend: the
# beginning of what axe says, and a part of the element.
THEIRS = (
    ("page-has-heading-one", "<html"),  # Every form with side panels.
    ("color-contrast", "w-minimap__collapse-all"),
    ("color-contrast", 'class="button serious"'),
    ("empty-table-header", "workflow-progress-table__left-column"),
    ("aria-input-field-name", "public-DraftEditor-content"),
    # A panel in each child of an InlinePanel.
    ("landmark-unique", 'id="inline_child_'),
    # The list of uses, place by place.
    ("target-size", "#:w:contentpath="),
    # A heading that an editor wrote, where its text is looked at by itself.
    ("heading-order", "<h3>"),
)

# What the addresses are about in the example site: one of each kind that has it all.
ADDRESSES = """
import json, sys
from django.contrib.auth import get_user_model
from django.urls import NoReverseMatch, reverse
from wagtail.models import Task, Workflow
from municipality.models import ContentPage, StartPage
from wagtail_medborgare.services.models import Module, Service, Unit
from wagtail_medborgare.situations.models import LifeSituation, Persona

admin = get_user_model().objects.get(username="admin")
things = {
    "service": Service.objects.filter(unit__isnull=False).first(),
    "unit": Unit.objects.first(),
    "module": Module.objects.first(),
    "lifesituation": LifeSituation.objects.first(),
    "persona": Persona.objects.first(),
    "page": StartPage.objects.get(),
}
def arguments(kind):
    thing = things.get(kind)
    if thing is None:
        from wagtail_medborgare.core.guide import CHAPTERS
        return {"slug": CHAPTERS[1]}
    found = {key: thing.pk for key in ("pk", "page_pk", "parent_pk")}
    found |= {"app_label": thing._meta.app_label, "model_name": thing._meta.model_name}
    if hasattr(thing, "save_revision"):
        thing.save_revision(user=admin)
        revision = thing.save_revision(user=admin)
        found |= {"revision_id": revision.pk, "revision_id_b": revision.pk}
        found["revision_id_a"] = "earliest"
    if hasattr(thing, "workflow_states"):
        state = thing.current_workflow_state
        state = state or Workflow.objects.first().start(thing, admin)
        found |= {"task_state_id": state.current_task_state_id, "action_name": "approve"}
        found |= {"workflow_state_id": state.pk, "task_id": Task.objects.first().pk}
    return found
known = {kind: arguments(kind) for kind in [*things, "chapter"]}
paths = {}
for kind, name, keys in json.loads(KEYS):
    if all(key in known.get(kind, {}) for key in keys):
        values = {key: known[kind][key] for key in keys}
        paths[f"{name} {kind}"] = reverse(name, kwargs=values)
print(json.dumps(paths))
"""


def views() -> list[tuple[str, str, list[str]]]:
    """Return what each view of ours is about, its name and its arguments."""
    from security.urlconf import addresses

    arguments = {item.name: item.arguments for item in addresses()}
    found = []
    for space, rules in ACCESS.items():
        for view, rule in rules.items():
            if view.endswith(PARTS):
                continue
            for each in rule if isinstance(rule, tuple) else (rule,):
                if "GET" in each.methods:
                    name = f"{space}:{view}"
                    kind = each.kind or space.rpartition("_")[2]
                    found.append((kind, name, arguments[name]))
    return found


@pytest.fixture(scope="module")
def paths(server: Any) -> dict[str, str]:
    keys = json.dumps(views())
    script = ADDRESSES.replace("KEYS", repr(keys))
    found: dict[str, str] = json.loads(
        server.manage("shell", "-v0", "-c", script).splitlines()[-1]
    )
    return found


def test_it_is_all_views_that_are_looked_at(paths):
    looked_at = {name.partition(" ")[0] for name in paths}

    assert {name for _kind, name, _keys in views()} - looked_at == set()


def faults(page: Any) -> list[str]:
    """Return what axe finds in the light, and what it finds in the dark."""
    page.emulate_media(color_scheme="light")
    # Messages fade in, and are pale on their way.
    page.evaluate("Promise.all(document.getAnimations().map((item) => item.finished))")
    found = problems(page)
    page.emulate_media(color_scheme="dark")
    found += [line + " (dark)" for line in problems(page, colours_only=True)]
    return [
        line
        for line in found
        if not any(line.startswith(rule) and part in line for rule, part in THEIRS)
    ]


def test_axe_finds_nothing_on_any_view_of_the_administration(make_person, paths):
    person = make_person(bypass_csp=True).log_in("admin")
    # What Wagtail has on its dashboard, say in its menu, is not ours.
    theirs = {element(line) for line in faults(person.page)}
    found = {}

    for name, path in paths.items():
        response = person.open(path)
        assert response.status == 200, (name, path)
        lines = faults(person.page)
        found[name] = [line for line in lines if element(line) not in theirs]

    for name, lines in found.items():
        for line in lines:
            print(name, line)
    assert [name for name, lines in found.items() if lines] == []


def element(line: str) -> str:
    return line.partition(" — ")[2]
