from typing import Any

from django import template
from django.http import HttpRequest
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context

from wagtail_medborgare.segments.audiences import Audience, Mode
from wagtail_medborgare.segments.blocks.personalised import children_in
from wagtail_medborgare.segments.parts import as_part, short_name
from wagtail_medborgare.situations.snapshot import situations
from wagtail_medborgare.visitors.visitor import get_visitor

register = template.Library()

_USAGE = (
    '{% personalised only="having-a-child building-a-house" %} … {% otherwise %} … '
    "{% endpersonalised %}; use only=, all_but= or audience="
)


class PersonalisedNode(template.Node):
    """Content for an audience, and what all others see instead."""

    def __init__(
        self, how: str, value: FilterExpression, inside: NodeList, otherwise: NodeList
    ) -> None:
        self.how = how
        self.value = value
        self.inside = inside
        self.otherwise = otherwise

    def render(self, context: Context) -> str:
        return as_part(self._name, lambda: self._render(context), context)

    def _name(self) -> str:
        return short_name(f"{self.origin} {self.token and self.token.position}")

    def _render(self, context: Context) -> str:
        audience = self._audience(self.value.resolve(context))
        matches = get_visitor(context.get("request")).matches(audience)
        return (self.inside if matches else self.otherwise).render(context)

    def _audience(self, value: Any) -> Audience:
        if self.how == "audience":
            return as_audience(value)
        by_slug = situations.get().by_slug
        pks = frozenset(
            by_slug[slug].pk for slug in str(value).split() if slug in by_slug
        )
        mode = Mode.ONLY if self.how == "only" else Mode.EXCEPT
        return Audience(mode, pks)


@register.tag
def personalised(parser: Parser, token: Token) -> PersonalisedNode:
    """Show content to an audience: by slugs, or by an audience block's value."""
    arguments = token_kwargs(token.split_contents()[1:], parser)
    if len(arguments) != 1 or not set(arguments) <= {"only", "all_but", "audience"}:
        raise template.TemplateSyntaxError(f"Usage: {_USAGE}")
    inside = parser.parse(("otherwise", "endpersonalised"))
    otherwise = NodeList()
    if parser.next_token().contents == "otherwise":
        otherwise = parser.parse(("endpersonalised",))
        parser.delete_first_token()
    ((how, value),) = arguments.items()
    return PersonalisedNode(how, value, inside, otherwise)


@register.filter
def matches(value: Any, request: HttpRequest | None) -> bool:
    """Say whether the visitor belongs to an audience: ``{% if a|matches:request %}``."""
    return get_visitor(request).matches(as_audience(value))


@register.filter
def for_visitor(stream: Any, request: HttpRequest | None) -> Any:
    """Leave out the blocks that the visitor does not see, for a template's own loop."""
    return children_in(stream, {"request": request})


def as_audience(value: Any) -> Audience:
    """Take an audience, an audience block's value, or a value that has one inside."""
    if isinstance(value, Audience):
        return value
    audience = getattr(value, "audience", None)
    if isinstance(audience, Audience):
        return audience
    return as_audience(value["audience"])
