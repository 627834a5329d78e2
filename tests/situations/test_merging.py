"""Merging one situation into another: everything that named the old one follows."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import (
    make_catalogue,
    make_editor,
    make_page,
    make_service,
    make_situation,
    make_unit,
)
from wagtail.documents.models import Document
from wagtail.models import ModelLogEntry

from wagtail_medborgare.services.models import TaggedService
from wagtail_medborgare.situations.actions import load_starter_set
from wagtail_medborgare.situations.merging import CannotMerge, merge_situations
from wagtail_medborgare.situations.models import (
    LifeSituation,
    MergedSituation,
    NextSituation,
    Persona,
    SituationLabel,
    TaggedFile,
    TaggedPage,
    TaggedPersona,
    VocabularyLink,
)
from wagtail_medborgare.situations.snapshot import situations
from wagtail_medborgare.situations.usage import MOST_NAMED, MOST_TRIED, uses_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    return make_situation("Få barn", synonyms="bebis, gravid")


@pytest.fixture
def into():
    return make_situation("Bli förälder", synonyms="gravid, adoption")


def tags_of(thing):
    return {item.tag.name for item in thing.life_situation_items.all()}


def test_everything_that_was_tagged_is_tagged_with_the_new_one(home, old, into):
    page = make_page(home, situations=[old])
    service, unit = make_service(situations=[old]), make_unit()
    unit.life_situations.add(old)
    unit.save()
    persona = Persona.objects.create(name="Gravid")
    TaggedPersona.objects.create(tag=old, content_object=persona)
    document = Document.objects.create(title="Blankett", file="b.pdf")
    TaggedFile.objects.create(tag=old, content_object=document)

    merge_situations(old, into)

    for thing in (page, service, unit, persona):
        thing = type(thing).objects.get(pk=thing.pk)
        assert tags_of(thing) == {"Bli förälder"}
    assert TaggedFile.objects.get().tag == into
    assert not LifeSituation.objects.filter(name="Få barn").exists()


def test_what_had_both_has_the_new_one_once(home, old, into):
    page = make_page(home, situations=[old, into])
    service = make_service(situations=[old, into])

    merge_situations(old, into)

    assert TaggedPage.objects.filter(content_object=page).count() == 1
    assert TaggedService.objects.filter(content_object=service).count() == 1


def test_a_section_still_holds_for_everything_beneath(home, old, into):
    page = make_page(home, situations=[old], situations_cover_section=True)
    page.save()

    merge_situations(old, into)

    assert TaggedPage.objects.get(tag=into).covers_section


def test_a_draft_names_the_new_one_when_it_is_published(home, old, into):
    page = make_page(home)
    page.life_situations.add(old)
    page.save_revision()
    service = make_service("Ansök")
    service.life_situations.add(old)
    service.save_revision()

    merge_situations(old, into)

    for thing in (page, service):
        thing = type(thing).objects.get(pk=thing.pk)
        assert tags_of(thing) == set()
        thing.latest_revision.publish()
        thing = type(thing).objects.get(pk=thing.pk)
        assert tags_of(thing) == {"Bli förälder"}


@pytest.mark.parametrize("live", [("Få barn",), ("Få barn", "Bli förälder")])
@pytest.mark.parametrize("draft", [("Få barn",), ("Få barn", "Bli förälder")])
def test_no_draft_brings_a_tag_twice(home, old, into, live, draft):
    page = make_page(home, situations=LifeSituation.objects.filter(name__in=live))
    page.life_situations.set(LifeSituation.objects.filter(name__in=draft))
    page.save_revision()

    merge_situations(old, into)
    page = type(page).objects.get(pk=page.pk)
    page.latest_revision.publish()

    rows = TaggedPage.objects.filter(content_object=page)
    assert [row.tag for row in rows] == [into]


def test_steps_follow_without_a_circle_or_a_second_one(old, into):
    before, after = make_situation("Bli sambo"), make_situation("Förskola")
    for start, to in (
        (before, old),
        (before, into),
        (old, after),
        (old, into),
        (into, old),
    ):
        NextSituation.objects.create(situation=start, to=to, prompt="Dags?")

    merge_situations(old, into)

    steps = {
        (step.situation.name, step.to.name) for step in NextSituation.objects.all()
    }
    assert steps == {("Bli sambo", "Bli förälder"), ("Bli förälder", "Förskola")}
    assert NextSituation.objects.count() == 2


def test_words_labels_and_codes_are_added_where_they_are_missing(old, into):
    SituationLabel.objects.create(situation=old, language="fi", name="Saada lapsi")
    SituationLabel.objects.create(situation=old, language="en", name="Having a child")
    SituationLabel.objects.create(
        situation=into, language="en", name="Becoming a parent", synonyms="baby"
    )
    for situation in (old, into):
        VocabularyLink.objects.create(situation=situation, scheme="eu", code="1")
    VocabularyLink.objects.create(situation=old, scheme="los", code="barn")

    merge_situations(old, into)

    into.refresh_from_db()
    assert into.synonyms == "gravid, adoption, Få barn, bebis"
    labels = {label.language: label for label in into.labels.all()}
    assert (labels["fi"].name, labels["en"].name) == (
        "Saada lapsi",
        "Becoming a parent",
    )
    assert labels["en"].synonyms == "baby, Having a child"
    assert {link.code for link in into.vocabularies.all()} == {"1", "barn"}
    assert into.vocabularies.count() == 2


def test_the_old_key_and_slug_lead_to_the_new_one_through_any_chain(old, into):
    third = make_situation("Familj")
    keys, slugs = [old.pk, into.pk], [old.slug, into.slug]

    merge_situations(old, into)
    merge_situations(into, third)

    known = situations.get()
    assert [known.by_pk[key].name for key in keys] == ["Familj", "Familj"]
    assert [known.by_slug[slug].name for slug in slugs] == ["Familj", "Familj"]
    assert [item.name for item in known.all] == ["Familj"]


def test_a_new_situation_with_the_old_slug_is_itself(old, into):
    slug = old.slug
    merge_situations(old, into)

    again = make_situation("Få barn igen", slug=slug)

    assert situations.get().by_slug[slug].pk == again.pk
    merge_situations(again, into)
    assert situations.get().by_slug[slug].pk == into.pk
    assert MergedSituation.objects.count() == 2


def test_the_starter_set_does_not_bring_it_back():
    load_starter_set()
    names = list(LifeSituation.objects.order_by("sort_order")[:2])
    merge_situations(names[0], names[1])

    summary = load_starter_set()

    assert summary.merged == [MergedSituation.objects.get().old_slug]
    assert LifeSituation.objects.count() == 19
    assert not summary.created


def test_a_sensitive_one_becomes_ordinary_only_when_confirmed(into):
    old = make_situation("Skulder", is_sensitive=True)

    with pytest.raises(CannotMerge, match="Skulder"):
        merge_situations(old, into)
    assert LifeSituation.objects.filter(pk=old.pk).exists()

    merge_situations(old, into, may_become_ordinary=True)
    assert not LifeSituation.objects.filter(name="Skulder").exists()


def test_a_situation_is_not_merged_into_itself_or_into_one_that_is_gone(old, into):
    with pytest.raises(CannotMerge):
        merge_situations(old, old)
    LifeSituation.objects.filter(pk=into.pk).delete()
    with pytest.raises(CannotMerge):
        merge_situations(old, into)


def test_the_history_of_the_new_one_tells_of_it(admin, old, into):
    merge_situations(old, into)

    entry = ModelLogEntry.objects.get(action="medborgare.situation_merged")
    assert entry.content_type == ContentType.objects.get_for_model(LifeSituation)
    url = f"/admin/snippets/medborgare_situations/lifesituation/history/{into.pk}/"
    assert "Få barn" in admin.get(url).text


# What a resident notices: nothing.


def test_a_visitor_who_had_chosen_the_old_one_keeps_theirs(home, visitor, old, into):
    make_page(home, title="Artikeln om barn", situations=[old])
    visitor.get("/")
    visitor.choose(old, remember=True)

    merge_situations(old, into)
    text = visitor.get("/medborgare/choices/").text

    assert "Bli förälder" in text
    assert "Få barn" not in text


def test_a_visitor_can_take_away_what_they_chose_under_the_old_name(
    home, visitor, old, into
):
    visitor.get("/")
    visitor.choose(old)
    merge_situations(old, into)

    visitor.submit("/medborgare/remove/", {"situation": into.slug})

    assert visitor.cookies["__Host-mb-visit"].value == ""


def test_a_visitor_who_had_both_has_one(home, visitor, old, into):
    visitor.get("/")
    visitor.choose(old, into)
    merge_situations(old, into)

    visitor.submit("/medborgare/remove/", {"situation": into.slug})

    assert visitor.cookies["__Host-mb-visit"].value == ""


def test_a_form_that_was_open_meanwhile_chooses_the_new_one(home, visitor, old, into):
    visitor.get("/")
    merge_situations(old, into)

    visitor.choose(old, into)

    assert has_chosen(visitor, into)


def test_an_address_with_the_old_slug_lists_the_services(home, client, old, into):
    make_catalogue(home)
    make_service("Ansök om förskola", situations=[old])
    make_service("Ansök om bygglov")
    merge_situations(old, into)

    text = client.get(f"/tjanster/?situation={old.slug}", secure=True).text

    assert "Ansök om förskola" in text
    assert "Ansök om bygglov" not in text


def test_a_sensitive_choice_keeps_its_hour(home, visitor, into, time_machine):
    old = make_situation("Skulder", is_sensitive=True)
    time_machine.move_to("2026-11-22 10:00:00+00:00")
    visitor.get("/")
    visitor.choose(old, remember=True)
    merge_situations(old, into, may_become_ordinary=True)
    assert has_chosen(visitor, into)

    visitor.choose(into, remember=True)
    time_machine.move_to("2026-11-22 11:01:00+00:00")

    assert not has_chosen(visitor, into)


def has_chosen(visitor, situation):
    text = " ".join(visitor.get("/medborgare/choices/").text.split())
    assert f'value="{situation.slug}"' in text
    return f'value="{situation.slug}" checked' in text


def test_a_choice_is_forgotten_when_it_becomes_sensitive(home, visitor, old):
    into = make_situation("Våld", is_sensitive=True)
    visitor.get("/")
    visitor.choose(old, remember=True)

    merge_situations(old, into)

    assert not has_chosen(visitor, into)


# In the admin.

URL = "/admin/snippets/medborgare_situations/lifesituation"


def test_the_editor_sees_every_use_before_merging(editor_with, home, old, into):
    make_page(home, title="Artikeln om barn", situations=[old])
    make_service("Ansök om förskola", situations=[old])
    client = editor_with("change", "delete", language="en")

    text = client.get(f"{URL}/merge/{old.pk}/").text

    assert "Artikeln om barn" in text
    # This editor may not open services: a number, and no name.
    assert "Ansök om förskola" not in text
    assert "Nothing that you may open" in text


@pytest.fixture
def tag_many(home):
    """Tag this many more pages and documents with a situation."""

    def tag(number, situation):
        for _number in range(number):
            make_page(home, situations=[situation])
            document = Document.objects.create(title="Blankett", file="b.pdf")
            TaggedFile.objects.create(tag=situation, content_object=document)

    return tag


def test_every_use_is_told_in_as_many_queries_for_many_as_for_few(
    editor_with, tag_many, old
):
    editor_with("change")
    tag_many(5, old)

    def count_queries():
        # Read anew: what an editor may do is kept on the user.
        user = get_user_model().objects.get(username="editor")
        uses_of(old, user=user)  # Reads into memory what is kept there.
        user = get_user_model().objects.get(username="editor")
        with CaptureQueriesContext(connection) as queries:
            uses = uses_of(old, user=user)
        return len(queries), max(len(use.named) for use in uses)

    few, named = count_queries()
    assert named == 5
    tag_many(55, old)

    assert count_queries() == (few, MOST_NAMED)


def test_where_an_editor_may_open_nothing_the_search_for_names_ends(home, old):
    make_editor("stranger", is_superuser=False)

    def add(number):
        for _number in range(number):
            make_page(home, situations=[old])

    def count_queries():
        user = get_user_model().objects.get(username="stranger")
        with CaptureQueriesContext(connection) as queries:
            use = max(uses_of(old, user=user), key=lambda use: use.count)
        assert use.named == []
        return len(queries), use.how_many_more

    add(MOST_TRIED)
    count_queries()  # Reads into memory what is kept there.
    many, _number = count_queries()
    add(50)

    assert count_queries() == (many, MOST_TRIED + 50)


def test_the_editor_merges_with_one_button(editor_with, home, old, into):
    page = make_page(home, situations=[old])
    client = editor_with("change", "delete", language="en")

    response = client.post(f"{URL}/merge/{old.pk}/", {"into": into.pk}, follow=True)

    assert "“Få barn” is now part of “Bli förälder”" in response.text
    assert tags_of(page) == {"Bli förälder"}
    entry = ModelLogEntry.objects.get(action="medborgare.situation_merged")
    assert entry.user.username == "editor"


@pytest.mark.parametrize("actions", [(), ("change",), ("delete",), ("view", "add")])
def test_who_may_not_change_and_delete_may_not_merge(
    editor_with, home, old, into, actions
):
    client = editor_with(*actions)

    for response in (
        client.get(f"{URL}/merge/{old.pk}/"),
        client.post(f"{URL}/merge/{old.pk}/", {"into": into.pk}),
    ):
        assert response.status_code in {302, 403}
    assert LifeSituation.objects.filter(pk=old.pk).exists()
    listing = client.get(f"{URL}/")
    assert f"{URL}/merge/" not in listing.text


def test_the_way_to_merging_is_in_the_list_the_form_and_before_deletion(
    editor_with, home, old, into
):
    make_page(home, situations=[old])
    client = editor_with("change", "delete")

    for path in ("/", f"/edit/{old.pk}/", f"/delete/{old.pk}/"):
        assert f"{URL}/merge/{old.pk}/" in client.get(f"{URL}{path}").text, path


def test_reading_the_form_changes_nothing_and_the_token_is_asked_for(
    editor_with, home, old, into
):
    client = editor_with("change", "delete")
    client.get(f"{URL}/merge/{old.pk}/", {"into": into.pk})
    assert LifeSituation.objects.filter(pk=old.pk).exists()

    client.handler.enforce_csrf_checks = True
    response = client.post(f"{URL}/merge/{old.pk}/", {"into": into.pk})
    assert response.status_code == 403


def test_the_form_asks_before_what_is_sensitive_becomes_ordinary(editor_with, into):
    old = make_situation("Skulder", is_sensitive=True)
    client = editor_with("change", "delete", language="en")

    refused = client.post(f"{URL}/merge/{old.pk}/", {"into": into.pk})
    assert "is sensitive and “Bli förälder” is not" in refused.text
    assert LifeSituation.objects.filter(pk=old.pk).exists()

    client.post(
        f"{URL}/merge/{old.pk}/", {"into": into.pk, "may_become_ordinary": "on"}
    )
    assert not LifeSituation.objects.filter(pk=old.pk).exists()


def test_a_situation_that_is_gone_is_not_found(admin, old):
    assert admin.get(f"{URL}/merge/999999/").status_code == 404


def test_deactivating_tells_what_still_uses_it(admin, home, old):
    make_page(home, situations=[old])
    form = admin.read_form(f"{URL}/edit/{old.pk}/", "w-editor-form")
    form.pop("is_active")

    response = admin.post(f"{URL}/edit/{old.pk}/", dict(form.lists()), follow=True)

    assert f"{URL}/usage/{old.pk}/" in response.text
    assert not LifeSituation.objects.get(pk=old.pk).is_active
    assert TaggedPage.objects.filter(tag=old).exists()
