from __future__ import annotations

import pytest
from django.template import Context, Template

from wagtail_medborgare.situations.icons import ICON_CHOICES, ICON_NAMES

CIRCLE = "<circle"


def draw(name, classname=""):
    template = Template("{% load medborgare_icons %}{% mb_icon name classname %}")
    return template.render(Context({"name": name, "classname": classname}))


@pytest.mark.parametrize("name", sorted(ICON_NAMES))
def test_every_icon_of_a_situation_can_be_drawn(name):
    shape = draw(name)

    assert shape.count("<svg") == 1
    assert 'aria-hidden="true"' in shape
    assert name == "circle" or shape != draw("circle")


def test_unknown_icon_is_a_circle():
    assert draw("unheard-of") == draw("circle")


def test_icon_can_have_a_class():
    assert 'class="mb-icon mb-icon--big"' in draw("house", "mb-icon--big")


def test_name_of_a_class_is_escaped():
    assert "<script>" not in draw("house", "<script>")


def test_each_icon_is_offered_once():
    assert len(ICON_CHOICES) == len(ICON_NAMES)
