"""The blocks of a whole site that nobody can see, each with the reason."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from factories import (
    make_block,
    make_home,
    make_notice,
    make_page,
    make_situation,
)
from segments.explained import make_segment, of, on_monday
from testapp.models import HomePage
from wagtail.models import Page
from wagtail_personalisation.models import Segment

from wagtail_medborgare.segments.unseen_blocks import unseen_blocks

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_home()


def make_page_with(home, *blocks, **fields):
    return make_page(home, HomePage, body=list(blocks), **fields)


def told(pages=None):
    """Return page, block and reason of each that is found."""
    found = unseen_blocks(Page.objects.all() if pages is None else pages)
    with override("en"):
        return [(page.title, part.title, part.why_nobody) for page, part in found]


def test_a_block_for_a_segment_that_is_switched_off_is_seen_by_nobody(home):
    off = make_segment("Kampanj", status=Segment.STATUS_DISABLED)
    on = make_segment("Måndag")
    on_monday(on)
    make_page_with(
        home,
        make_notice("Av", segments=[off]),
        make_notice("På", segments=[on]),
        title="Sidan",
    )

    assert told() == [
        (
            "Sidan",
            "Notice: Av",
            "Shown to nobody: what it was made for has been deleted or switched off",
        )
    ]


def test_situations_that_rest_or_are_deleted_leave_blocks_unseen(home):
    resting = make_situation("Vilande", is_active=False)
    gone, here = make_situation("Borta"), make_situation("Kvar")
    make_page_with(
        home,
        make_notice("A", resting),
        make_notice("B", resting, here),
        make_notice("C", resting, mode="except"),
        title="Vilande",
    )
    make_page_with(home, make_notice("D", gone), title="Borta")
    gone.delete()

    assert told() == [
        (
            "Borta",
            "Notice: D",
            "Shown to nobody: what it was made for has been deleted or switched off",
        ),
        ("Vilande", "Notice: A", "Shown to nobody: residents cannot choose Vilande"),
    ]


def test_a_variant_that_never_has_its_turn_is_seen_by_nobody(home):
    child = make_situation("Få barn")
    items = [
        {
            "type": "item",
            "id": str(number),
            "value": {"audience": of(child), "content": {"heading": heading}},
        }
        for number, heading in enumerate(("Först", "Aldrig"))
    ]
    make_page_with(home, make_block("variants", variants=items, default=[]))

    ((_page, _block, why),) = told()

    assert why == "An earlier variant is always shown in its place"


def test_only_published_pages_among_those_given_are_looked_at(home):
    resting = make_situation("Vilande", is_active=False)
    make_page_with(home, make_notice("A", resting), title="Min")
    make_page_with(home, make_notice("B", resting), title="Annans")
    make_page_with(home, make_notice("C", resting), title="Utkast", live=False)

    found = told(Page.objects.exclude(title="Annans"))

    assert [title for title, _block, _why in found] == ["Min"]


def test_a_few_pages_take_as_many_queries_as_many(home):
    resting = make_situation("Vilande", is_active=False)

    def queries():
        told()  # Reads into memory what is kept there.
        with CaptureQueriesContext(connection) as captured:
            told()
        return len(captured)

    make_page_with(home, make_notice("A", resting))
    few = queries()
    for _number in range(10):
        make_page_with(home, make_notice("A", resting))

    assert queries() == few
    assert len(told()) == 11
