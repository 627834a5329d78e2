from typing import Any

from django.http import Http404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import reports_menu
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_medborgare.core.guide import (
    CHAPTERS,
    LANGUAGES,
    Chapter,
    chapters,
    guide_language,
)
from wagtail_medborgare.core.wagtail_hooks import medborgare_menu

PICTURES = "medborgare_core/guide"


class GuideView(WagtailAdminTemplateMixin, TemplateView):
    """A chapter of the editor guide, for everybody who works in the administration."""

    template_name = "medborgare_core/guide/chapter.html"
    page_title = _("Editor guide")  # type: ignore[assignment]
    header_icon = "help"
    _show_breadcrumbs = True

    @cached_property
    def language(self) -> str:
        """The language asked for, else that of the administration."""
        wanted = self.request.GET.get("language")
        return wanted if wanted in LANGUAGES else guide_language(get_language())

    @cached_property
    def position(self) -> int:
        """The place of the chapter among all.

        Raises:
            Http404: there is no such chapter.
        """
        slug = self.kwargs.get("slug", CHAPTERS[0])
        if slug not in CHAPTERS:
            raise Http404
        return CHAPTERS.index(slug)

    @property
    def chapter(self) -> Chapter:
        """The chapter to read."""
        return chapters(self.language)[self.position]

    def get_page_subtitle(self) -> str:
        return self.chapter.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self._url(CHAPTERS[0]), "label": self.page_title},
            {"url": "", "label": self.chapter.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        links = [
            {"title": item.title, "url": self._url(item.slug)}
            for item in chapters(self.language)
        ]
        here = self.position
        html = self.chapter.to_html(
            chapter_url=self._url,
            picture_url=self._picture,
            menu_url=self._menu_urls().get,
        )
        return super().get_context_data(
            **kwargs,
            chapter=self.chapter,
            # Our own text; the parser lets no HTML through.
            html=mark_safe(html),  # noqa: S308
            links=links,
            here=here,
            previous=links[here - 1] if here else None,
            next=links[here + 1] if here + 1 < len(links) else None,
            languages=[
                {
                    "code": code,
                    "name": name,
                    "url": f"?language={code}",
                    "is_current": code == self.language,
                }
                for code, name in LANGUAGES.items()
            ],
        )

    def _url(self, slug: str) -> str:
        url = reverse("medborgare_core_admin:guide", args=[slug])
        asked = self.request.GET.get("language")
        return f"{url}?language={asked}" if asked in LANGUAGES else url

    def _menu_urls(self) -> dict[str, str]:
        """Return where our items of the menu lead this very reader."""
        return {
            item.name: str(item.render_component(self.request).url)
            for menu in (medborgare_menu, reports_menu)
            for item in menu.menu_items_for_request(self.request)
            if item.name.startswith("medborgare-")
        }

    def _picture(self, name: str) -> str:
        return static(f"{PICTURES}/{self.language}/{name}")
