"""Audiences in a site's own templates."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from factories import make_home, make_situation
from testapp.models import HomePage, NoticeBlock

from wagtail_medborgare.segments.audiences import Audience

pytestmark = pytest.mark.django_db


def rendered(source: str, request: Any = None, **context: Any) -> str:
    template = Template("{% load medborgare_tags %}" + source)
    return template.render(Context({"request": request, **context}))


@pytest.fixture
def request_with_child(visitor):
    child = make_situation("Få barn")
    make_situation("Bygga")
    visitor.choose(child)
    return visitor.get("/medborgare/choices/").wsgi_request


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ('only="fa-barn"', "yes"),
        ('only="bygga fa-barn"', "yes"),
        ('only="bygga"', "no"),
        ('only="no-such"', "no"),
        ('all_but="fa-barn"', "no"),
        ('all_but="bygga"', "yes"),
    ],
)
def test_personalised_shows_content_to_an_audience(
    request_with_child, argument, expected
):
    source = (
        f"{{% personalised {argument} %}}yes{{% otherwise %}}no{{% endpersonalised %}}"
    )

    assert rendered(source, request_with_child) == expected


def test_personalised_without_otherwise_shows_nothing_to_the_rest():
    make_situation("Få barn")

    assert rendered('{% personalised only="fa-barn" %}yes{% endpersonalised %}') == ""


def test_personalised_takes_the_audience_of_a_block(request_with_child):
    source = "{% personalised audience=value %}yes{% endpersonalised %}"
    block = NoticeBlock()
    pks = [item.pk for item in request_with_child.visitor.situations]
    value = block.to_python(
        {"text": "", "audience": {"mode": "only", "situations": pks}}
    )

    assert rendered(source, request_with_child, value=value) == "yes"
    assert rendered(source, request_with_child, value=value["audience"]) == "yes"
    assert rendered(source, request_with_child, value=Audience.only()) == ""


@pytest.mark.parametrize("argument", ["", 'only="a" all_but="b"', 'name="a"'])
def test_a_wrong_use_tells_the_right_one(argument):
    with pytest.raises(TemplateSyntaxError, match="Usage"):
        rendered(f"{{% personalised {argument} %}}{{% endpersonalised %}}")


def test_matches_is_a_filter(request_with_child):
    source = "{% if audience|matches:request %}yes{% else %}no{% endif %}"
    pk = request_with_child.visitor.situations[0].pk

    assert rendered(source, request_with_child, audience=Audience.only(pk)) == "yes"
    assert rendered(source, None, audience=Audience.only(pk)) == "no"


def test_a_templates_own_loop_can_leave_out_what_is_hidden(request_with_child):
    pks = [item.pk for item in request_with_child.visitor.situations]
    make_home(
        body=[
            {"type": "text", "value": "all"},
            {
                "type": "notice",
                "value": {"text": "x", "audience": {"mode": "only", "situations": pks}},
            },
        ]
    )
    page = HomePage.objects.get()
    source = "{% for block in page.body|for_visitor:request %}{{ block.block_type }} {% endfor %}"

    assert rendered(source, request_with_child, page=page) == "text notice "
    assert rendered(source, None, page=page) == "text "
