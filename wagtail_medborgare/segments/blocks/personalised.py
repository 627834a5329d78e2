"""Ways to give a block an audience; none leaves a trace in the page when it is hidden."""

from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block, ListBlock, StreamBlock, StreamValue, StructBlock

from wagtail_medborgare.segments.audiences import Audience, Mode
from wagtail_medborgare.segments.blocks.audience import AudienceBlock, AudienceValue
from wagtail_medborgare.segments.parts import as_part, name_of_block, parts_of
from wagtail_medborgare.situations.snapshot import Situation
from wagtail_medborgare.visitors.visitor import Visitor, get_visitor

# A page of its own in the menu of blocks, also where the site has made no such template.
PREVIEW = "medborgare_segments/blocks/block_preview.html"
EVERYONE = {"mode": Mode.EVERYONE.value, "situations": [], "segments": []}


def visitor_in(context: Any) -> Visitor:
    """Return the visitor of a template context; without a request, one who chose nothing."""
    return get_visitor(context.get("request") if context else None)


def audience_of(value: Any) -> Audience:
    """Return the audience that a value carries; everyone, where it carries none."""
    chosen = value.get("audience")
    return chosen.audience if isinstance(chosen, AudienceValue) else Audience()


class PersonalPartMixin:
    """For blocks that ask the visitor: where the page lives at the edge, they are a part.

    Put it before the block class. ``is_visible`` says whether the visitor sees anything.
    """

    def is_visible(self, value: Any, visitor: Visitor) -> bool:
        """Say whether this visitor sees it."""
        return True

    def render(self, value: Any, context: Any = None) -> SafeString | str:
        request = context.get("request") if context else None
        if parts_of(request) is None:
            return self._render(value, context, request)
        return as_part(
            lambda: name_of_block(self, value),
            lambda: self._render(value, context, request),
            context,
        )

    def _render(
        self, value: Any, context: Any, request: HttpRequest | None
    ) -> SafeString | str:
        if not self.is_visible(value, get_visitor(request)):
            return SafeString("")
        rendered: SafeString = super().render(value, context=context)  # type: ignore[misc]
        return rendered


class PersonalisedStructBlock(PersonalPartMixin, StructBlock):
    """Base class for a site's own blocks that have an audience.

    Without a request (feeds, mail), in the search index and in the API it gives what a
    visitor who chose nothing sees.
    """

    audience = AudienceBlock()

    def get_audience(self, value: Any) -> Audience:
        """Return whom this value is for."""
        return audience_of(value)

    def is_visible(self, value: Any, visitor: Visitor) -> bool:
        """Say whether this visitor sees it."""
        return visitor.matches(self.get_audience(value))

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        # Asking why notes more than asking whether: only a template that says why asks.
        context["why"] = lambda: visitor_in(parent_context).why(
            self.get_audience(value)
        )
        return context

    def get_searchable_content(self, value: Any) -> list[str]:
        if not self.is_visible(value, Visitor()):
            return []
        content: list[str] = super().get_searchable_content(value)
        return content

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        if not self.is_visible(value, Visitor()):
            return None
        shown = super().get_api_representation(value, context=context)
        shown.pop("audience", None)
        return shown


def is_worth_a_preview(block: Block, wrapped: Block | None) -> bool:
    """Say whether either has a value of its own to show in the menu of blocks."""
    return hasattr(block.meta, "preview_value") or hasattr(
        getattr(wrapped, "meta", None), "preview_value"
    )


class PersonalisedBlock(PersonalisedStructBlock):
    """Give any block of the site an audience: ``PersonalisedBlock(MyBlock())``."""

    class Meta:
        icon = "group"
        label_format = "{audience}: {content}"
        description = _("Shown to those you choose, or to everyone but them.")
        template = "medborgare_segments/blocks/personalised_block.html"
        preview_template = PREVIEW
        # Off where the wrapped block says itself why it is shown.
        shows_reason = True

    def __init__(self, child_block: Any = None, **kwargs: Any) -> None:
        local_blocks = child_block
        if isinstance(child_block, Block):
            local_blocks = [("content", child_block)]
            # Its own name in the menu of blocks, unless the site gives another.
            kwargs.setdefault("label", getattr(child_block, "label", None) or None)
            kwargs.setdefault("icon", child_block.meta.icon)
        super().__init__(local_blocks, **kwargs)

    @property
    def is_previewable(self) -> bool:
        return is_worth_a_preview(self, self.child_blocks.get("content"))

    def get_preview_value(self) -> Any:
        """Return the wrapped block's own preview, as everyone sees it."""
        if hasattr(self.meta, "preview_value"):
            return super().get_preview_value()
        content = self.child_blocks["content"].get_preview_value()
        return self.normalize({"audience": EVERYONE, "content": content})


class VariantsBlock(PersonalPartMixin, StructBlock):
    """One of several variants of a block: the first whose audience matches, in order."""

    class Meta:
        icon = "list-ul"
        label = _("Variants")
        label_format = "{variants}"
        description = _("Several in one place: a visitor sees the first that fits.")
        template = "medborgare_segments/blocks/variants_block.html"
        preview_template = PREVIEW
        shows_reason = True

    def __init__(self, child_block: Any = None, **kwargs: Any) -> None:
        local_blocks = child_block
        if isinstance(child_block, Block):
            variant = StructBlock(
                [("audience", AudienceBlock()), ("content", child_block)],
                label=_("Variant"),
                label_format="{audience}: {content}",
            )
            local_blocks = [
                (
                    "variants",
                    ListBlock(
                        variant,
                        label=_("Variants"),
                        help_text=_("The first one that fits the visitor is shown."),
                    ),
                ),
                (
                    "default",
                    ListBlock(
                        child_block,
                        label=_("For everyone else"),
                        min_num=0,
                        max_num=1,
                        default=[],
                    ),
                ),
            ]
            kwargs.setdefault("icon", child_block.meta.icon)
        super().__init__(local_blocks, **kwargs)

    @property
    def _wrapped(self) -> Block | None:
        default = self.child_blocks.get("default")
        return getattr(default, "child_block", None)

    @property
    def is_previewable(self) -> bool:
        return is_worth_a_preview(self, self._wrapped)

    def get_preview_value(self) -> Any:
        """Return the wrapped block's own preview, as everyone else sees it."""
        if hasattr(self.meta, "preview_value"):
            return super().get_preview_value()
        wrapped: Any = self._wrapped
        return self.normalize(
            {"variants": [], "default": [wrapped.get_preview_value()]}
        )

    def get_shown(self, value: Any, visitor: Visitor) -> Any:
        """Return the bound block that this visitor sees; None when there is none."""
        for variant in value["variants"]:
            if visitor.matches(audience_of(variant)):
                return variant.bound_blocks["content"]
        return next(iter(value["default"].bound_blocks), None)

    def is_visible(self, value: Any, visitor: Visitor) -> bool:
        """Say whether this visitor sees anything of it."""
        return self.get_shown(value, visitor) is not None

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        visitor = visitor_in(parent_context)
        context["shown"] = self.get_shown(value, visitor)
        context["why"] = lambda: self._why(value, visitor)
        return context

    def _why(self, value: Any, visitor: Visitor) -> tuple[Situation, ...]:
        for variant in value["variants"]:
            if visitor.matches(audience_of(variant)):
                return visitor.why(audience_of(variant))
        return ()

    def get_searchable_content(self, value: Any) -> list[str]:
        shown = self.get_shown(value, Visitor())
        if shown is None:
            return []
        content: list[str] = shown.block.get_searchable_content(shown.value)
        return content

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        shown = self.get_shown(value, Visitor())
        if shown is None:
            return None
        return shown.block.get_api_representation(shown.value, context=context)


class PersonalisedStreamBlock(StreamBlock):
    """A stream without the blocks that the visitor does not see, wrappers included."""

    def render(self, value: Any, context: Any = None) -> SafeString | str:
        return super().render(children_in(value, context), context=context)

    def get_searchable_content(self, value: Any) -> list[str]:
        content: list[str] = super().get_searchable_content(
            visible_children(value, Visitor())
        )
        return content

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        return super().get_api_representation(
            visible_children(value, Visitor()), context=context
        )


def children_in(stream: Any, context: Any) -> Any:
    """Return what of a stream is rendered: all of it where hidden children have a place."""
    request = context.get("request") if context else None
    if parts_of(request) is not None:
        return stream
    return visible_children(stream, get_visitor(request))


def visible_children(stream: Any, visitor: Visitor) -> StreamValue:
    """Return the stream without the children that this visitor does not see."""
    children: list[Any] = [
        (child.block_type, child.value, child.id)
        for child in stream
        if not hasattr(child.block, "is_visible")
        or child.block.is_visible(child.value, visitor)
    ]
    return StreamValue(stream.stream_block, children)
