from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from factories import make_home, make_situation
from testapp.models import ArticlePage

from wagtail_medborgare.situations.models import (
    LifeSituation,
    NextSituation,
    NextSituationPrompt,
    SituationLabel,
    TaggedPage,
    VocabularyLink,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Få barn", "fa-barn"),
        ("Små barn & ÆØÅ", "sma-barn-aeoa"),
        ("Bli sambo, gifta sig eller skiljas", "bli-sambo-gifta-sig-eller-skiljas"),
        ("Čuojahit đurra ŋuokta ŧ", "cuojahit-durra-nuokta-t"),
        ("ייִדיש", "situation"),
        ("!!!", "situation"),
    ],
)
def test_slug_keeps_to_ascii(name, slug):
    situation = make_situation(name)

    assert situation.slug == slug


def test_slug_of_a_long_name_fits_its_column():
    situation = make_situation("æ" * 100)

    situation.full_clean()
    assert len(situation.slug) <= 100


def test_slugs_of_two_long_names_differ():
    first, second = make_situation("æ" * 100), make_situation("æ" * 99 + "a")

    second.full_clean()
    assert first.slug != second.slug


def test_slug_is_numbered_when_it_is_taken():
    slugs = [make_situation(name).slug for name in ("Få barn", "Fa barn", "FA BARN!")]

    assert slugs == ["fa-barn", "fa-barn-1", "fa-barn-2"]


def test_slug_that_an_editor_chose_is_kept():
    assert make_situation("Få barn", slug="child").slug == "child"


def test_slug_stays_when_the_name_changes():
    situation = make_situation("Få barn")

    situation.name = "Vänta barn"
    situation.save()

    assert situation.slug == "fa-barn"


def test_emptied_slug_is_the_old_one_again():
    situation = make_situation("Få barn")

    situation.slug = ""
    situation.save()

    assert LifeSituation.objects.get().slug == "fa-barn"


def test_name_is_used_once():
    make_situation("Få barn")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_situation("Få barn")


@pytest.mark.parametrize("model", [LifeSituation, SituationLabel])
def test_name_cannot_contain_the_quote_that_tags_are_written_with(model):
    with pytest.raises(ValidationError) as refused:
        model(name='Få "barn"').full_clean()

    assert "name" in refused.value.message_dict


def test_new_situation_comes_last():
    for name in ("Zebra", "Älg", "Apa"):
        make_situation(name)

    names = list(LifeSituation.objects.values_list("name", flat=True))

    assert names == ["Zebra", "Älg", "Apa"]


def test_place_that_was_given_is_kept():
    make_situation("Andra")
    make_situation("Första", sort_order=0)

    names = list(LifeSituation.objects.values_list("name", flat=True))

    assert names == ["Första", "Andra"]


def test_only_active_situations_are_active():
    make_situation("Förr", is_active=False)
    now = make_situation("Nu")

    assert list(LifeSituation.objects.active()) == [now]


def test_page_cannot_be_tagged_with_a_situation_that_does_not_exist():
    assert LifeSituation.free_tagging is False


def test_things_are_called_by_their_words():
    child, school = make_situation("Få barn"), make_situation("Börja skolan")
    step = NextSituation(situation=child, to=school, prompt="Dags?")
    prompt = NextSituationPrompt(language="en", prompt="Time?")
    label = SituationLabel(language="en", name="Having a child")
    link = VocabularyLink(scheme="los", code="fa-barn")
    item = TaggedPage.objects.create(tag=child, content_object=make_home())

    words = [str(item) for item in (child, step, prompt, label, link, item)]

    assert words == [
        "Få barn",
        "Dags?",
        "Time?",
        "Having a child",
        "Los (Norway) fa-barn",
        "Få barn – Start",
    ]


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (SituationLabel, {"language": "en", "name": "Child"}),
        (VocabularyLink, {"scheme": "eu", "code": "having-a-child"}),
    ],
)
def test_situation_has_one_of_each(model, values):
    situation = make_situation()
    model.objects.create(situation=situation, **values)

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(situation=situation, **values)


def test_step_leads_to_a_situation_once():
    steps = {"situation": make_situation(), "to": make_situation(), "prompt": "Dags?"}
    NextSituation.objects.create(**steps)

    with pytest.raises(IntegrityError), transaction.atomic():
        NextSituation.objects.create(**steps)


def test_deleted_situation_leaves_no_steps_to_it():
    child, school = make_situation(), make_situation()
    NextSituation.objects.create(situation=child, to=school, prompt="Dags?")

    school.delete()

    assert not NextSituation.objects.exists()


def test_field_of_tags_has_one_reverse_name_for_each_page_type():
    field = ArticlePage._meta.get_field("life_situations")

    assert field.remote_field.related_name == "testapp_articlepage_life_situations+"
    assert "related_name" not in field.deconstruct()[3]
