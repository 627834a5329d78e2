"""The page that all configurations show, and what only ours can show."""

from django.apps import apps
from django.conf import settings
from wagtail.blocks import CharBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.models import Page

_blocks = settings.BENCH_BLOCKS
_stream: type[StreamBlock] = StreamBlock
_base: type[StructBlock] = StructBlock
if _blocks == "stock":
    from wagtail_personalisation.blocks import PersonalisedStructBlock as StockBlock

    _base = StockBlock
elif _blocks != "plain":
    from wagtail_medborgare.segments.blocks import (
        PersonalisedStreamBlock,
        PersonalisedStructBlock,
    )

    _base = PersonalisedStructBlock
    if _blocks == "ours-in-stream":
        _stream = PersonalisedStreamBlock


class SectionBlock(_base):
    """A heading, and text as editors write it."""

    heading = CharBlock()
    text = RichTextBlock()

    class Meta:
        template = "benchsite/section_block.html"


class BenchPage(Page):
    """A start page of ten sections."""

    body = StreamField(_stream([("section", SectionBlock())]), blank=True)


if apps.is_installed("wagtail_medborgare.services"):
    from wagtail_medborgare.services.models import MyServicesPageMixin

    class BenchMyServicesPage(MyServicesPageMixin, Page):
        """My services with all modules, as it comes."""
