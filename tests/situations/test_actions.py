"""The starter set is loaded again and again, and never takes an editor's words."""

from __future__ import annotations

import csv
import json
import os
from copy import deepcopy
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from factories import make_situation

from wagtail_medborgare.situations import actions
from wagtail_medborgare.situations.actions import load_starter_set
from wagtail_medborgare.situations.icons import ICON_NAMES
from wagtail_medborgare.situations.models import (
    LifeSituation,
    NextSituation,
    NextSituationPrompt,
    SituationGroup,
    SituationLabel,
    VocabularyLink,
)
from wagtail_medborgare.situations.snapshot import situations

pytestmark = pytest.mark.django_db

PROJECT = Path(__file__).parents[2]
CROSSWALK = "life-events-crosswalk-editorial.csv"
SLUG = "having-a-child"


@pytest.fixture(autouse=True)
def _forget_starter_set():
    yield
    actions.starter_set.cache_clear()


@pytest.fixture
def change_starter_set(tmp_path, monkeypatch):
    """Stand in for a later release with another starter set."""
    rows = deepcopy(actions.starter_set())

    def change(slug, **values):
        row = next(row for row in rows if row["slug"] == slug)
        row.update(values)
        path = tmp_path / "starter_set.json"
        path.write_text(json.dumps({"situations": rows}), encoding="utf-8")
        monkeypatch.setattr(actions, "STARTER_SET", path)
        actions.starter_set.cache_clear()

    return change


@pytest.fixture
def child():
    load_starter_set()
    return LifeSituation.objects.get(slug=SLUG)


def labels_with(language, **words):
    row = next(row for row in actions.starter_set() if row["slug"] == SLUG)
    labels = deepcopy(row["labels"])
    labels[language].update(words)
    return labels


def writes(queries):
    return [
        query["sql"]
        for query in queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]


def read_crosswalk():
    folders = [PROJECT.parent / "shared" / "data"]
    if "MEDBORGARE_DATA" in os.environ:
        folders.insert(0, Path(os.environ["MEDBORGARE_DATA"]))
    for folder in folders:
        if (folder / CROSSWALK).exists():
            with (folder / CROSSWALK).open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))
    return pytest.skip(
        f"{CROSSWALK} is neither in ../shared/data nor in MEDBORGARE_DATA"
    )


# --- The first time ---


def test_twenty_situations_are_created_in_order():
    summary = load_starter_set()

    slugs = list(LifeSituation.objects.values_list("slug", flat=True))
    assert len(slugs) == 20
    assert summary.created == slugs
    assert slugs[0] == SLUG


def test_command_says_what_it_did():
    out = StringIO()

    with override("en"):
        call_command("medborgare_load_situations", stdout=out)

    assert out.getvalue().strip() == (
        "Life situations: 20 created, 0 changed, 0 kept as edited, 0 unchanged, "
        "0 left deleted."
    )


def test_every_situation_is_valid():
    load_starter_set()

    for situation in LifeSituation.objects.all():
        situation.full_clean()
        assert situation.icon in ICON_NAMES
        assert situation.group in SituationGroup.values
        assert situation.summary


def test_icons_tell_the_situations_apart():
    load_starter_set()

    icons = set(LifeSituation.objects.values_list("icon", flat=True))

    assert "circle" not in icons
    assert len(icons) >= 18


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("sv", "Få barn"),
        ("en", "Having a child"),
        ("fi", "Lapsen saaminen"),
        ("nb", "Få barn"),
        ("nn", "Få barn"),
    ],
)
def test_situation_is_named_in_five_languages(child, language, name):
    with override(language):
        assert situations.get().by_slug[SLUG].name == name


@override_settings(LANGUAGE_CODE="no")
def test_names_are_in_the_language_of_the_site():
    load_starter_set()

    assert LifeSituation.objects.get(slug="retirement").name == next(
        row["labels"]["nb"]["name"]
        for row in actions.starter_set()
        if row["slug"] == "retirement"
    )


@override_settings(LANGUAGE_CODE="de")
def test_names_are_in_swedish_where_the_language_is_unknown():
    load_starter_set()

    assert LifeSituation.objects.get(slug=SLUG).name == "Få barn"


def test_sensitive_situations_are_known():
    load_starter_set()

    sensitive = LifeSituation.objects.filter(is_sensitive=True)
    assert set(sensitive.values_list("slug", flat=True)) == {
        "changing-relationship-status",
        "becoming-a-social-caretaker",
        "facing-an-emergency-health-problem",
        "seriously-ill-child",
        "facing-debt",
        "facing-a-crime",
    }


def test_next_steps_are_there_in_all_languages(child):
    step = NextSituation.objects.get(situation=child)

    assert (step.to.slug, step.after_months) == ("starting-education", 12)
    assert step.prompt.startswith("Börjar det bli dags")
    prompts = NextSituationPrompt.objects.filter(next_situation=step)
    assert {prompt.language for prompt in prompts} >= {"nb", "nn", "fi", "en"}


def test_next_step_is_asked_in_english(child):
    (step,) = situations.get().by_slug[SLUG].next_steps

    with override("en"):
        assert step.prompt.startswith("Is it nearly time")


def test_vocabularies_are_linked(child):
    links = VocabularyLink.objects.filter(situation=child)

    assert {(link.scheme, link.code) for link in links} == {
        ("eu", "having-a-child"),
        ("los", "fa-barn"),
        ("ptvl", "KE1"),
        ("ptvl", "KE1.1"),
        ("it", "12"),
        ("sdg", "Birth"),
    }


@pytest.mark.parametrize(
    ("scheme", "column"),
    [
        ("los", "los_uri"),
        ("ptvl", "ptvl_notation"),
        ("it", "it_life_event_code"),
        ("sdg", "sdg_annex_ii"),
    ],
)
def test_codes_are_those_of_the_crosswalk(scheme, column):
    wanted = {
        row["slug"]: {code for code in row[column].split(";") if code}
        for row in read_crosswalk()
    }

    load_starter_set()

    found = {slug: set() for slug in wanted}
    for link in VocabularyLink.objects.filter(scheme=scheme).select_related(
        "situation"
    ):
        found[link.situation.slug].add(link.uri if scheme == "los" else link.code)
    assert found == wanted


def test_european_names_are_those_of_the_crosswalk():
    wanted = {
        row["slug"]: row["eu_cpsv_ap_2_2_1_label_en"]
        for row in read_crosswalk()
        if row["eu_cpsv_ap_2_2_1_label_en"]
    }

    load_starter_set()

    links = VocabularyLink.objects.filter(scheme="eu").select_related("situation")
    assert {link.situation.slug: link.label for link in links} == wanted


def test_creation_is_in_the_history(admin, child):
    url = f"/admin/snippets/medborgare_situations/lifesituation/history/{child.pk}/"

    assert admin.get(url).status_code == 200


# --- Again ---


def test_second_time_writes_nothing():
    load_starter_set()

    with CaptureQueriesContext(connection) as queries:
        summary = load_starter_set()

    assert writes(queries) == []
    assert len(summary.unchanged) == 20


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Vänta barn"),
        ("summary", "Vi hjälper dig."),
        ("summary", ""),
        ("synonyms", "bäbis"),
        ("group", "health"),
        ("icon", "heart"),
        ("is_sensitive", True),
        ("is_business", True),
        ("is_active", False),
        ("sort_order", 99),
    ],
)
def test_what_an_editor_changed_stays(child, field, value):
    setattr(child, field, value)
    child.save()

    load_starter_set()

    child.refresh_from_db()
    assert getattr(child, field) == value


@pytest.mark.parametrize(
    ("field", "value"), [("name", "Expecting"), ("summary", ""), ("synonyms", "kid")]
)
def test_label_that_an_editor_changed_stays(child, field, value, change_starter_set):
    SituationLabel.objects.filter(situation=child, language="en").update(
        **{field: value}
    )
    change_starter_set(SLUG, labels=labels_with("en", **{field: "From the set"}))

    load_starter_set()

    label = SituationLabel.objects.get(situation=child, language="en")
    assert getattr(label, field) == value


def test_name_that_an_editor_changed_is_what_residents_read(child):
    child.name = "Vänta barn"
    child.save()

    load_starter_set()

    with override("sv"):
        assert situations.get().by_slug[SLUG].name == "Vänta barn"


def test_edited_field_stays_when_the_set_changes(child, change_starter_set):
    child.summary = "Vår mening."
    child.save()
    change_starter_set(
        SLUG, labels=labels_with("sv", summary="Er mening."), icon="heart"
    )

    summary = load_starter_set()

    child.refresh_from_db()
    assert (child.summary, child.icon) == ("Vår mening.", "heart")
    assert summary.changed == [SLUG]


def test_summary_tells_what_was_kept(child, change_starter_set):
    child.icon = "house"
    child.save()
    change_starter_set(SLUG, icon="heart")

    assert load_starter_set().kept == [SLUG]


@pytest.mark.parametrize(
    ("field", "value"), [("icon", "heart"), ("group", "health"), ("is_sensitive", True)]
)
def test_untouched_field_follows_the_set(child, change_starter_set, field, value):
    change_starter_set(SLUG, **{field: value})

    summary = load_starter_set()

    child.refresh_from_db()
    assert getattr(child, field) == value
    assert (summary.changed, len(summary.unchanged)) == ([SLUG], 19)


def test_untouched_words_follow_the_set(child, change_starter_set):
    change_starter_set(SLUG, labels=labels_with("sv", name="Vänta barn"))

    load_starter_set()

    child.refresh_from_db()
    assert child.name == "Vänta barn"
    with override("sv"):
        assert situations.get().by_slug[SLUG].name == "Vänta barn"


def test_untouched_label_follows_the_set(child, change_starter_set):
    change_starter_set(SLUG, labels=labels_with("en", name="Expecting"))

    summary = load_starter_set()

    with override("en"):
        assert situations.get().by_slug[SLUG].name == "Expecting"
    assert summary.changed == [SLUG]


def test_set_that_changes_twice_is_followed_twice(child, change_starter_set):
    for icon in ("heart", "house"):
        change_starter_set(SLUG, icon=icon)
        load_starter_set()

    child.refresh_from_db()
    assert child.icon == "house"


def test_deleted_situation_stays_deleted(child):
    child.delete()

    summary = load_starter_set()

    assert summary.deleted == [SLUG]
    assert not LifeSituation.objects.filter(slug=SLUG).exists()


def test_situation_that_got_another_slug_is_not_made_again(child):
    child.slug = "barn"
    child.save()

    load_starter_set()

    assert LifeSituation.objects.count() == 20


def test_removed_label_stays_removed(child):
    SituationLabel.objects.filter(situation=child, language="nn").delete()

    load_starter_set()

    assert not SituationLabel.objects.filter(situation=child, language="nn").exists()


def test_removed_step_stays_removed(child):
    NextSituation.objects.filter(situation=child).delete()

    load_starter_set()

    assert not NextSituation.objects.filter(situation=child).exists()


def test_edited_step_stays(child):
    NextSituation.objects.filter(situation=child).update(prompt="Dags?", after_months=6)

    load_starter_set()

    step = NextSituation.objects.get(situation=child)
    assert (step.prompt, step.after_months) == ("Dags?", 6)


def test_new_step_of_the_set_is_added(child, change_starter_set):
    steps = [{"to": "retirement", "after_months": 600, "prompts": {"sv": "Redan?"}}]
    change_starter_set(SLUG, next=steps)

    load_starter_set()

    assert NextSituation.objects.filter(situation=child, to__slug="retirement").exists()


# --- Beside what editors made themselves ---


def test_situation_of_the_same_name_is_left_alone():
    own = make_situation("Få barn")

    for _time in range(3):
        load_starter_set()

    own.refresh_from_db()
    assert own.name == "Få barn"
    assert LifeSituation.objects.get(slug=SLUG).name == f"Få barn ({SLUG})"


def test_situation_gets_its_name_when_it_is_free():
    own = make_situation("Få barn")
    load_starter_set()

    own.delete()
    load_starter_set()

    assert LifeSituation.objects.get(slug=SLUG).name == "Få barn"


def test_new_name_that_an_editor_uses_already_does_not_crash(child, change_starter_set):
    make_situation("Vänta barn")
    change_starter_set(SLUG, labels=labels_with("sv", name="Vänta barn"))

    load_starter_set()

    child.refresh_from_db()
    assert child.name == f"Vänta barn ({SLUG})"


def test_situation_of_the_same_slug_keeps_its_words():
    make_situation("Vänta barn", slug=SLUG, summary="Vår mening.", group="health")

    load_starter_set()

    own = LifeSituation.objects.get(slug=SLUG)
    assert (own.name, own.summary, own.group) == ("Vänta barn", "Vår mening.", "health")
    assert LifeSituation.objects.count() == 20


def test_loaded_situation_is_found_by_its_name_in_another_language(admin, child):
    text = admin.get(
        "/admin/snippets/medborgare_situations/lifesituation/?q=newborn"
    ).text

    assert f"/lifesituation/edit/{child.pk}/" in text
