from typing import Any

from wagtail.models import Page

from municipality.demo import texts
from municipality.demo.situations import situations
from municipality.models import ContentPage, StartPage
from wagtail_medborgare.services.models import Unit


def load_content_pages(start: StartPage) -> int:
    """Create the sections, the pages in them, and the pages about the site itself."""
    made = sum(_load(start, text, in_menu=True) for text in texts("pages")["pages"])
    return made + sum(_load(start, text) for text in texts("pages")["about"])


def _load(start: StartPage, text: dict[str, Any], *, in_menu: bool = False) -> bool:
    if ContentPage.objects.filter(slug=text["slug"]).exists():
        return False
    page = ContentPage(
        slug=text["slug"],
        title=text["title"],
        intro=text["intro"],
        search_description=text["search_description"],
        body=[("text", text["body"])],
        unit=Unit.objects.filter(slug=text["unit"]).first(),
        show_in_menus=in_menu,
        situations_cover_section=text["covers_section"],
    )
    _parent(start, text["parent"]).add_child(instance=page)
    page.life_situations.set(situations(text["situations"]))
    page.save()
    page.save_revision().publish()
    return True


def _parent(start: StartPage, slug: str | None) -> Page:
    if slug is None:
        return Page.objects.get(pk=start.pk)
    return Page.objects.get(slug=slug, path__startswith=start.path)
