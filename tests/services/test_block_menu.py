"""In the menu of blocks each of ours says what it is, and shows itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override
from factories import make_editor, make_situation
from testapp.models import BodyBlock, MyServicesPage, TeaserBlock
from wagtail.blocks import CharBlock, StructBlock

from wagtail_medborgare.segments.blocks import PersonalisedBlock, VariantsBlock

pytestmark = pytest.mark.django_db


class CardBlock(StructBlock):
    heading = CharBlock()

    class Meta:
        label = "Kort"
        template = "testapp/teaser_block.html"
        preview_value = {"heading": "Sök plats"}


def ours() -> dict[str, Any]:
    stream = BodyBlock()
    names = (
        "chooser", "pages_for_you", "services_for_you", "deadlines_for_you",
        "what_comes_next",
    )  # fmt: skip
    modules = MyServicesPage._meta.get_field("modules").stream_block
    return {
        **{name: stream.child_blocks[name] for name in names},
        "module": modules.child_blocks["module"],
        "personalised": PersonalisedBlock(CardBlock()),
        "variants": VariantsBlock(CardBlock()),
    }


@pytest.mark.parametrize("name", ours())
def test_each_block_says_in_swedish_what_it_is(name):
    block = ours()[name]

    with override("sv"):
        told = str(block.get_description())
    with override("en"):
        original = str(block.get_description())

    assert len(told) > 20
    assert told != original


@pytest.mark.parametrize("name", ours())
def test_each_block_shows_itself_before_it_is_chosen(name, client):
    client.force_login(make_editor())
    make_situation("Få barn")
    block = ours()[name]

    response = client.get(f"/admin/block-preview/?id={block.definition_prefix}")

    assert block.is_previewable
    assert response.status_code == 200
    main = response.text.partition("<main>")[2].partition("</main>")[0]
    assert len(main.strip()) > 60
    assert "medborgare.css" in response.text


@pytest.mark.parametrize("wrap", [PersonalisedBlock, VariantsBlock])
def test_a_wrapped_block_without_a_preview_has_none(wrap):
    assert not wrap(TeaserBlock()).is_previewable


CHOSEN_BY_THE_SITE = {
    PersonalisedBlock: {
        "audience": {"mode": "everyone"},
        "content": {"heading": "Egen"},
    },
    VariantsBlock: {"variants": [], "default": [{"heading": "Egen"}]},
}


@pytest.mark.parametrize("wrap", CHOSEN_BY_THE_SITE)
def test_a_site_may_give_a_wrapped_block_a_preview_of_its_own(wrap):
    block = wrap(TeaserBlock(), preview_value=CHOSEN_BY_THE_SITE[wrap])

    assert block.is_previewable
    assert "Egen" in block.render(block.get_preview_value())
