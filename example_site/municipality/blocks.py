"""The site's own blocks, and the streams that mix them with those of wagtail-medborgare."""

from datetime import date

from wagtail.blocks import (
    CharBlock,
    DateBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StructBlock,
    TextBlock,
)

from wagtail_medborgare.segments.blocks import (
    PagesForYouBlock,
    PersonalisedBlock,
    PersonalisedStreamBlock,
    SituationChooserBlock,
    VariantsBlock,
    WhatComesNextBlock,
)
from wagtail_medborgare.services.blocks import DeadlinesForYouBlock, ServicesForYouBlock

CONTENT = "Innehåll"
FOR_SOME = "Innehåll för några"
RICH_TEXT = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]


TEASER = {
    "heading": "Sök förskoleplats senast den 15 januari",
    "text": "Vill du att ditt barn börjar i augusti behöver vi ansökan då.",
}
TEASER_FOR_ALL = {
    "audience": {"mode": "everyone", "situations": [], "segments": []},
    "content": TEASER,
}


class TeaserBlock(StructBlock):
    """Knows nothing of audiences: PersonalisedBlock and VariantsBlock give it one."""

    heading = CharBlock(label="Rubrik", max_length=80)
    text = TextBlock(label="Text", max_length=300)
    page = PageChooserBlock(label="Sida", required=False)
    link_text = CharBlock(
        label="Länkens text",
        required=False,
        max_length=80,
        help_text="Säg vart den leder: ”Läs om förskola”. Tomt ger sidans namn.",
    )

    class Meta:
        icon = "form"
        label = "Puff"
        label_format = "{heading}"
        group = CONTENT
        description = "En rubrik, ett par meningar och en länk till en sida."
        template = "municipality/blocks/teaser_block.html"
        preview_value = TEASER


class ErrandBlock(StructBlock):
    label = CharBlock(label="Text", max_length=60)
    page = PageChooserBlock(label="Sida")

    class Meta:
        icon = "link"
        label = "Ärende"
        label_format = "{label}"


class CommonErrandsBlock(StructBlock):
    heading = CharBlock(label="Rubrik", default="Vanliga ärenden", max_length=60)
    errands = ListBlock(ErrandBlock(), label="Ärenden", max_num=8)

    class Meta:
        icon = "list-ul"
        label = "Vanliga ärenden"
        group = CONTENT
        description = "Genvägar till det som flest letar efter."
        template = "municipality/blocks/common_errands_block.html"
        preview_value = {
            "heading": "Vanliga ärenden",
            "errands": [{"label": "Sök förskoleplats"}, {"label": "Sök bygglov"}],
        }


class NewsItemBlock(StructBlock):
    date = DateBlock(label="Datum")
    heading = CharBlock(label="Rubrik", max_length=100)
    text = TextBlock(label="Text", max_length=400)
    page = PageChooserBlock(label="Sida", required=False)

    class Meta:
        icon = "date"
        label = "Nyhet"
        label_format = "{date} {heading}"


class NewsBlock(StructBlock):
    heading = CharBlock(label="Rubrik", default="Nyheter", max_length=60)
    news = ListBlock(NewsItemBlock(), label="Nyheter", max_num=5)

    class Meta:
        icon = "doc-full"
        label = "Nyheter"
        group = CONTENT
        description = "Det senaste från kommunen, nyast först."
        template = "municipality/blocks/news_block.html"
        preview_value = {
            "heading": "Nyheter",
            "news": [
                {
                    "date": date(2026, 11, 12),
                    "heading": "Sjöhallen öppnar igen",
                    "text": "Lördag 28 november simmar alla gratis.",
                }
            ],
        }


class NoticeBlock(StructBlock):
    heading = CharBlock(label="Rubrik", max_length=100)
    text = TextBlock(label="Text", max_length=400)

    class Meta:
        icon = "warning"
        label = "Störning"
        label_format = "{heading}"


class OperationsBlock(StructBlock):
    heading = CharBlock(label="Rubrik", default="Driftinformation", max_length=60)
    notices = ListBlock(NoticeBlock(), label="Störningar", min_num=0, max_num=5)

    class Meta:
        icon = "warning"
        label = "Driftinformation"
        group = CONTENT
        description = "Avstängningar och störningar just nu."
        template = "municipality/blocks/operations_block.html"
        preview_value = {
            "heading": "Driftinformation",
            "notices": [
                {
                    "heading": "Vattnet stängs av på Tånggränd",
                    "text": "Tisdag 24 november klockan 9–14.",
                }
            ],
        }


class StartBlock(PersonalisedStreamBlock):
    """Everything that can stand on the start page."""

    chooser = SituationChooserBlock()
    deadlines_for_you = DeadlinesForYouBlock()
    services_for_you = ServicesForYouBlock()
    pages_for_you = PagesForYouBlock()
    what_comes_next = WhatComesNextBlock()
    teaser = PersonalisedBlock(
        TeaserBlock(),
        label="Puff för några",
        group=FOR_SOME,
        description="En puff som bara några får se, eller alla utom några.",
        preview_value=TEASER_FOR_ALL,
    )
    variants = VariantsBlock(
        TeaserBlock(),
        label="Puff i varianter",
        group=FOR_SOME,
        description="Flera puffar på samma plats: besökaren ser den första som passar.",
        preview_value={"variants": [TEASER_FOR_ALL], "default": []},
    )
    common_errands = CommonErrandsBlock()
    news = NewsBlock()
    operations = OperationsBlock()


class ContentBlock(PersonalisedStreamBlock):
    """What a content page is made of."""

    text = RichTextBlock(
        label="Text",
        icon="pilcrow",
        group=CONTENT,
        features=RICH_TEXT,
        description="Löpande text med mellanrubriker, listor och länkar.",
        preview_value="<h2>Så gör du</h2><p>Ansök i e-tjänsten.</p>",
    )
    teaser = PersonalisedBlock(
        TeaserBlock(),
        label="Puff för några",
        group=FOR_SOME,
        description="En puff som bara några får se, eller alla utom några.",
        preview_value=TEASER_FOR_ALL,
    )
    services_for_you = ServicesForYouBlock()
    deadlines_for_you = DeadlinesForYouBlock()
