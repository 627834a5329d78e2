from __future__ import annotations

import pytest
from django.utils.translation import override
from factories import make_situation

from wagtail_medborgare.situations.models import (
    NextSituation,
    NextSituationPrompt,
    SituationLabel,
)
from wagtail_medborgare.situations.snapshot import situations

pytestmark = pytest.mark.django_db


def add_label(situation, language, **words):
    return SituationLabel.objects.create(
        situation=situation, language=language, **words
    )


def add_step(situation, to, prompt, **fields):
    return NextSituation.objects.create(
        situation=situation, to=to, prompt=prompt, **fields
    )


def add_prompt(step, language, prompt):
    return NextSituationPrompt.objects.create(
        next_situation=step, language=language, prompt=prompt
    )


@pytest.fixture
def child():
    situation = make_situation("Få barn", summary="Du väntar barn.", group="family")
    add_label(situation, "fi", name="Lapsi", summary="Odotat lasta.")
    add_label(situation, "nb", name="Få barn nå")
    return situation


def the(situation):
    return situations.get().by_pk[situation.pk]


@pytest.mark.parametrize(
    ("language", "name", "summary"),
    [
        ("sv", "Få barn", "Du väntar barn."),
        ("sv-se", "Få barn", "Du väntar barn."),
        ("fi", "Lapsi", "Odotat lasta."),
        ("nb", "Få barn nå", "Du väntar barn."),
        ("no", "Få barn nå", "Du väntar barn."),
        ("en", "Få barn", "Du väntar barn."),
    ],
)
def test_situation_speaks_the_active_language(child, language, name, summary):
    with override(language):
        found = the(child)

        assert str(found) == found.name == name
        assert found.summary == summary


def test_no_query_is_made_once_warm(child, django_assert_num_queries):
    situations.get()

    with django_assert_num_queries(0), override("fi"):
        assert the(child).name == "Lapsi"


@pytest.mark.parametrize("count", [1, 30])
def test_loading_takes_the_same_queries_however_many(count, django_assert_num_queries):
    for _number in range(count):
        situation = make_situation()
        step = add_step(situation, situation, "Dags?")
        add_prompt(step, "en", "Time?")
    situations.forget()

    with django_assert_num_queries(6):
        situations.get()


def test_change_is_seen_at_once(child):
    situations.get()

    child.is_sensitive = True
    child.save()

    assert the(child).is_sensitive


def test_changed_label_is_seen_at_once(child):
    situations.get()

    add_label(child, "en", name="Having a child")

    with override("en"):
        assert the(child).name == "Having a child"


def test_removed_label_is_gone_at_once(child):
    situations.get()

    SituationLabel.objects.get(language="fi").delete()

    with override("fi"):
        assert the(child).name == "Få barn"


def test_new_and_deleted_situations_are_seen_at_once(child):
    situations.get()

    school = make_situation("Börja skolan")
    child.delete()

    assert list(situations.get().by_slug) == [school.slug]


def test_next_step_is_asked_in_the_active_language(child):
    situations.get()
    school = make_situation("Börja skolan")

    step = add_step(child, school, "Dags?", after_months=72)
    add_prompt(step, "en", "Time?")

    (found,) = the(child).next_steps
    with override("en"):
        assert (found.to_pk, found.after_months, found.prompt) == (
            school.pk,
            72,
            "Time?",
        )
    with override("fi"):
        assert found.prompt == "Dags?"


def test_next_steps_come_in_the_order_of_life(child):
    later, sooner = make_situation(), make_situation()
    add_step(child, later, "Senare?", after_months=72)
    add_step(child, sooner, "Snart?", after_months=12)

    prompts = [step.prompt for step in the(child).next_steps]

    assert prompts == ["Snart?", "Senare?"]


def test_resolving_keeps_the_order_and_leaves_out_what_cannot_be_chosen(child):
    old = make_situation("Förr", is_active=False)
    first = make_situation("Först", sort_order=0)

    found = situations.get().resolve([child.pk, old.pk, first.pk, 999_999])

    assert [item.name for item in found] == ["Först", "Få barn"]


def test_inactive_situation_is_known_but_not_active(child):
    child.is_active = False
    child.save()

    assert situations.get().active == ()
    assert len(situations.get().all) == 1


def test_group_has_words(child):
    with override("en"):
        assert the(child).group_label == "Family"
