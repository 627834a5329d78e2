"""No script injection: 200 payloads in every text of ours, on the site and in the admin.

The texts are written past all forms, as another program or an older form could have:
only what a view does with them stands between them and a browser.
"""

from __future__ import annotations

import pytest
from conftest import VisitorClient
from django.apps import apps
from security.active import Found, active_in_response
from security.hostile import (
    LEFT,
    HostileTown,
    harmless,
    hostile,
    name_of,
    text_fields,
)
from security.payloads import PAYLOADS, packed
from security.shown import (
    SHOWS,
    admin_paths,
    gained,
    holds_long_texts,
    public_paths,
    visit,
)
from wagtail.test.utils.form_data import nested_form_data, streamfield

from wagtail_medborgare.services.models import Module, Service, Unit
from wagtail_medborgare.situations.models import LifeSituation

pytestmark = pytest.mark.django_db

TURNS = (0, 120)
"""What cuts texts short shows other payloads each time."""


def resident_of(town: HostileTown, *, is_sensitive: bool = False) -> VisitorClient:
    situations = town.situations
    if is_sensitive:
        LifeSituation.objects.filter(pk=situations[0].pk).update(is_sensitive=True)
        LifeSituation.objects.get(pk=situations[0].pk).save()
    client = VisitorClient()
    client.choose(*situations)
    return client


# --- Everything at once ---


def test_every_field_of_text_is_made_hostile_or_named_with_a_reason(hostile_town):
    written = hostile_town.write(harmless)
    all_names = {
        name_of(field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
    }

    ours = {name_of(field) for field in text_fields()}
    print(
        f"T14: {len(PAYLOADS)} payloads, {len(ours)} of our fields, {len(written)} all"
    )
    assert len(PAYLOADS) >= 200
    assert len(set(PAYLOADS)) == len(PAYLOADS)
    assert ours - written == set(), "no row has it"
    assert set(LEFT) - all_names == set(), "no such field any more"
    assert len(ours) >= 40


@holds_long_texts
def test_no_view_of_the_administration_gains_anything_that_runs(hostile_town):
    client = hostile_town.clients["superuser"]
    client.raise_request_exception = True
    paths = list(admin_paths(hostile_town))
    hostile_town.write(harmless)
    before = visit(client, paths, ())

    text = hostile(TURNS[0])
    hostile_town.write(text)
    after = visit(client, paths, hostile_town.known(text))

    showing = sum(found[SHOWS] for found in after.values())
    print(f"T14: {len(after)} answers of the administration, {showing} with payloads")
    assert gained(before, after) == {}
    # Else the texts may not have been there.
    assert showing > 130


@holds_long_texts
@pytest.mark.parametrize("who", ["nobody", "chosen", "sensitive", "editor"])
def test_no_page_of_the_site_gains_anything_that_runs(hostile_town, who):
    paths = public_paths(hostile_town)
    hostile_town.write(harmless)
    client = resident_of(hostile_town, is_sensitive=who == "sensitive")
    if who == "nobody":
        client = VisitorClient()
    if who == "editor":
        client.force_login(hostile_town.superuser)
    before = visit(client, paths, ())

    for turn in TURNS:
        text = hostile(turn)
        hostile_town.write(text)
        after = visit(client, paths, hostile_town.known(text))

        assert gained(before, after) == {}
        assert sum(found[SHOWS] for found in after.values()) >= 8


@holds_long_texts
def test_what_the_administration_says_after_a_change_runs_nothing(hostile_town):
    client = hostile_town.clients["superuser"]
    hostile_town.write(hostile(0))
    known = hostile_town.known(hostile(0))
    situations = LifeSituation.objects.order_by("pk")
    old, into = situations[0], situations[1]
    snippets = "/admin/snippets/medborgare"
    doings = [
        (f"{snippets}_situations/lifesituation/merge/{old.pk}/", {"into": into.pk}),
        (f"{snippets}_situations/persona/delete/1/", {}),
        *(
            (f"{snippets}_services/{model._meta.model_name}/{view}/{pk}/", {})
            for model in (Service, Module, Unit)
            for pk in model.objects.order_by("pk").values_list("pk", flat=True)[:1]
            for view in ("lock", "unlock", "unpublish", "delete")
        ),
    ]
    calm = active_in_response(client.get("/admin/medborgare/guide/", follow=True))
    found = {}
    told = 0

    for path, data in doings:
        response = client.post(path, data, follow=True)
        assert response.status_code == 200, path
        told += any("mbx" in str(item) for item in response.context["messages"])
        found[path] = active_in_response(response, known)

    def dangerous(all_found: Found) -> Found:
        return Found({k: n for k, n in all_found.items() if k[0] != "element"})

    assert {path: bad for path in found if (bad := dangerous(found[path]) - calm)} == {}
    assert told > 3


@holds_long_texts
def test_who_sees_answers_with_text_only(hostile_town):
    audience = {"mode": "only", "situations": [str(hostile_town.situations[0].pk)]}
    block = ("notice", {"text": packed(), "audience": {**audience, "segments": []}})
    data = nested_form_data({"body": streamfield([block])})
    data = {name: item for name, item in data.items() if "audience-situ" not in name}
    data |= {
        "title": "Start", "slug": "start", "body-0-id": "block-0",
        "body-0-value-audience-situations": audience["situations"],
        **{f"comments-{part}_FORMS": 0 for part in ("TOTAL", "INITIAL", "MIN_NUM")},
        "comments-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    path = f"/admin/medborgare/who-sees/testapp/homepage/{hostile_town.home.pk}/"

    response = hostile_town.clients["superuser"].post(path, data)

    assert response.status_code == 200, response.text
    assert "mbx" in response.text
    assert active_in_response(response) == Found()
