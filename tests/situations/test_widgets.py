from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict
from django.utils.translation import override
from factories import make_situation
from taggit.utils import parse_tags
from wagtail.test.utils import WagtailTestUtils

from wagtail_medborgare.situations.models import LifeSituation, SituationLabel
from wagtail_medborgare.situations.widgets import SituationCards

pytestmark = pytest.mark.django_db


def draw(value=None):
    html = SituationCards().render("life_situations", value, {"id": "id_cards"})
    return WagtailTestUtils.get_soup(html)


def name_of(box):
    return LifeSituation.objects.get(slug=box["value"]).name


def boxes(value=None, **attributes):
    return [name_of(box) for box in draw(value).find_all("input", **attributes)]


def send(*names):
    data = QueryDict(mutable=True)
    data.setlist("life_situations", list(names))
    return SituationCards().value_from_datadict(data, {}, "life_situations")


def test_cards_are_grouped_in_the_editors_order():
    make_situation("Få barn", group="family")
    make_situation("Bygga", group="home")
    make_situation("Gifta sig", group="family")

    with override("en"):
        groups = {
            group.legend.text: [name_of(box) for box in group.find_all("input")]
            for group in draw().find_all("fieldset")
        }

    assert groups == {"Family": ["Få barn", "Gifta sig"], "Housing": ["Bygga"]}


def test_chosen_cards_are_ticked():
    make_situation("Få barn")
    chosen = make_situation("Bygga")

    assert boxes([chosen], checked=True) == ["Bygga"]


def test_what_was_sent_is_ticked_again_after_a_mistake():
    make_situation("Gifta sig, bli sambo")
    make_situation("Bygga")

    assert boxes(send("Gifta sig, bli sambo"), checked=True) == ["Gifta sig, bli sambo"]


def test_inactive_situation_is_shown_only_where_it_is_chosen():
    old = make_situation("Förr", is_active=False)
    make_situation("Nu")

    assert boxes() == ["Nu"]
    assert boxes([old]) == ["Förr", "Nu"]
    with override("en"):
        assert "not active" in draw([old]).text


def test_sensitive_situation_is_marked_in_words():
    make_situation("Få skulder", is_sensitive=True)

    with override("en"):
        assert "sensitive" in draw().text


def test_card_is_named_in_the_editors_language_and_sends_the_stable_name():
    situation = make_situation("Få barn")
    SituationLabel.objects.create(situation=situation, language="fi", name="Lapsi")

    with override("fi"):
        card = draw().find("label")

    assert "Lapsi" in card.text
    assert card.input["value"] == "fa-barn"


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["Få barn"],
        ["Gifta sig, bli sambo eller skiljas"],
        ["Gifta sig, bli sambo", "Få barn", "Å'hej <b>&amp;"],
    ],
)
def test_names_arrive_as_they_were_sent(names):
    assert set(parse_tags(send(*names))) == set(names)


def test_name_with_markup_is_escaped():
    make_situation("<script>alert(1)</script>")

    assert draw().find("script") is None
    assert boxes() == ["<script>alert(1)</script>"]


def test_nothing_ticked_means_no_situation():
    assert SituationCards().value_omitted_from_data({}, {}, "life_situations") is False
    assert send() == ""


def test_data_that_is_a_plain_dictionary_is_understood():
    widget = SituationCards()

    assert widget.value_from_datadict({"tags": '"Få barn"'}, {}, "tags") == '"Få barn"'
    assert widget.value_from_datadict({"tags": ["Få barn"]}, {}, "tags") == '"Få barn"'
    assert widget.value_from_datadict({}, {}, "tags") == ""


def test_editor_is_told_what_to_do_when_there_is_nothing_to_tick():
    with override("en"):
        assert "medborgare_load_situations" in draw().text


def test_cards_bring_their_style_and_no_script():
    media = SituationCards().media

    assert "medborgare_situations/admin.css" in str(media)
    assert not media._js


def test_label_names_the_group_and_no_single_box():
    class TaggedForm(forms.Form):
        cards = forms.CharField(widget=SituationCards)

    assert not TaggedForm()["cards"].id_for_label


def test_cards_are_drawn_without_a_query_once_warm(django_assert_num_queries):
    for _number in range(20):
        make_situation()
    chosen = list(LifeSituation.objects.all())
    draw(chosen)

    with django_assert_num_queries(0):
        draw(chosen)


def test_a_situation_renamed_while_the_form_was_open_stays_ticked():
    child = make_situation("Få barn")

    child.name = "Vänta barn"
    child.save()

    assert parse_tags(send("fa-barn")) == ["Vänta barn"]
