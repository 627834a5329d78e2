"""A preview's visitor is made up: it has what the preview says, and nothing kept."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from factories import make_situation

from wagtail_medborgare.visitors.previews import PreviewAs, without_the_editor
from wagtail_medborgare.visitors.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    return make_situation("Få barn")


@pytest.fixture
def debt():
    return make_situation("Ha skulder", is_sensitive=True)


def request_as(*situations, is_dummy=True, **headers):
    request = RequestFactory().get("/", headers=headers)
    if is_dummy:
        request.is_dummy = True
    request.preview_as = PreviewAs(frozenset(item.pk for item in situations), "Elin")
    request.visitor = Visitor(request)
    return request


def names(request):
    return [item.name for item in request.visitor.situations]


def test_a_previews_visitor_has_the_situations_of_the_preview(child, debt):
    assert names(request_as(child, debt)) == ["Få barn", "Ha skulder"]


def test_outside_a_preview_nothing_is_taken_from_it(child):
    assert names(request_as(child, is_dummy=False)) == []


@pytest.mark.parametrize("wrong", [None, "4", 4, [4], {"situation_pks": [4]}])
def test_what_is_no_made_up_visitor_is_nobody(child, wrong):
    request = request_as(child)
    request.preview_as = wrong

    assert names(request) == []


def test_it_has_active_situations_only(child, debt):
    child.is_active = False
    child.save()

    assert names(request_as(child, debt)) == ["Ha skulder"]


def test_it_keeps_nothing(child, visitor):
    visitor.choose(child, remember=True)
    visitor.submit("/medborgare/save/", {"kind": "service", "key": "1"})
    request = request_as()
    request.COOKIES.update({n: item.value for n, item in visitor.cookies.items()})
    seen = Visitor(request)

    assert seen.situations == ()
    assert seen.saved == ()
    assert seen.dismissed == ()
    assert not seen.is_remembered
    assert not seen.keeps_sensitive_things


def test_what_is_read_is_noted_as_ever(child):
    request = request_as(child)

    assert request.visitor.situation_pks == {child.pk}
    assert request.visitor.reads


def test_the_request_without_the_editor_carries_nothing_of_theirs(child, admin_user):
    request = request_as(child, Cookie="sessionid=abc", Authorization="Basic x")
    request.user = admin_user
    request.session = {"segments": [1]}

    bare = without_the_editor(request)

    assert bare.user.is_anonymous
    assert bare.session == {}
    assert bare.COOKIES == {}
    assert "Cookie" not in bare.headers
    assert "Authorization" not in bare.headers
    assert bare.path == request.path
    assert bare.visitor is request.visitor
