from datetime import date
from typing import Any

from django.conf import settings
from wagtail.models import Page, Site

from municipality.demo import texts
from municipality.demo.situations import situations
from municipality.models import ContentPage, StartPage

# The news that have a page of their own.
NEWS_PAGES = {"Nu kan du tycka till om Strandängen": "detaljplan-strandangen"}
# One place that these share: whoever fits none of them gets what is for everyone.
SHARED_PLACE = {
    "retirement",
    "looking-for-a-new-job",
    "starting-and-running-a-business",
    "starting-and-running-an-association",
}


def load_start_page() -> StartPage:
    """Return the start page, created with its site if there is none."""
    start = StartPage.objects.first()
    if start is None:
        start = _create()
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": "localhost",
            "port": settings.DEMO_PORT,
            "site_name": "Strandviks kommun",
            "root_page": start,
        },
    )
    return start


def _create() -> StartPage:
    root = Page.get_first_root_node()
    # Wagtail's own welcome page stands where ours will.
    Page.objects.filter(depth=2, slug="home").delete()
    start = StartPage(title=texts("pages")["start"]["title"], slug="start")
    Page.objects.get(pk=root.pk).add_child(instance=start)
    return start


def load_start_blocks(start: StartPage) -> bool:
    """Fill an empty start page; the blocks link to pages, so these come first."""
    # Read again: the tree below has grown since.
    start = StartPage.objects.get(pk=start.pk)
    if start.body:
        return False
    text = texts("pages")["start"]
    start.search_description = text["intro"]
    start.body = [
        ("chooser", _chooser()),
        ("deadlines_for_you", {"heading": "Just nu för dig", "limit": 4}),
        ("services_for_you", {"heading": "Tjänster för dig", "limit": 3}),
        ("common_errands", _errands(text["common_errands"])),
        ("news", _news(text["news"])),
        ("operations", _operations(text["operations"])),
        *_teasers(texts("pages")["start_blocks"]),
    ]
    start.save_revision().publish()
    return True


def _chooser() -> dict[str, Any]:
    return {
        "heading": "Vad händer i ditt liv?",
        "intro": "Välj det som stämmer, så visar vi det som är viktigt för dig. "
        "Vi sparar inget om dig.",
        "first": 6,
    }


def _page(slug: str) -> ContentPage | None:
    return ContentPage.objects.filter(slug=slug).first()


def _errands(errands: list[dict[str, str]]) -> dict[str, Any]:
    found = [{"label": item["label"], "page": _page(item["page"])} for item in errands]
    return {"heading": "Vanliga ärenden", "errands": found}


def _news(news: list[dict[str, str]]) -> dict[str, Any]:
    found = [
        {
            "date": date.fromisoformat(item["date"]),
            "heading": item["title"],
            "text": item["text"],
            "page": _page(NEWS_PAGES.get(item["title"], "")),
        }
        for item in news
    ]
    return {"heading": "Nyheter", "news": found}


def _operations(operations: list[dict[str, str]]) -> dict[str, Any]:
    found = [{"heading": item["title"], "text": item["text"]} for item in operations]
    return {"heading": "Driftinformation", "notices": found}


def _teasers(blocks: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Return teasers with an audience each, and one place with variants at the end."""
    shared, own, default = [], [], []
    for block in blocks:
        if block["audience_mode"] == "everyone":
            default.append(_teaser(block))
        elif SHARED_PLACE & set(block["situations"]):
            shared.append({"audience": _audience(block), "content": _teaser(block)})
        else:
            own.append(
                ("teaser", {"audience": _audience(block), "content": _teaser(block)})
            )
    return [*own, ("variants", {"variants": shared, "default": default})]


def _audience(block: dict[str, Any]) -> dict[str, Any]:
    return {
        "mode": block["audience_mode"],
        "situations": tuple(item.pk for item in situations(block["situations"])),
        "segments": (),
    }


def _teaser(block: dict[str, Any]) -> dict[str, Any]:
    return {
        "heading": block["heading"],
        "text": block["text"],
        "page": _page(block["link_page"]),
        "link_text": block["link_text"],
    }
