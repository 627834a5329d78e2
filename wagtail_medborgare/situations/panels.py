"""How an editor says which situations something is about: cards, not a text box."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel

from wagtail_medborgare.situations.widgets import SituationCards


def situation_panels(
    *, field: str = "life_situations", with_section: bool = False
) -> list[Panel]:
    """Return the panels to add to a page's or a snippet's own."""
    children: list[Panel] = [FieldPanel(field, widget=SituationCards)]
    if with_section:
        children.append(FieldPanel("situations_cover_section"))
    return [MultiFieldPanel(children, heading=_("Life situations"), icon="group")]
