from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from testapp.models import Banner, Poster
from wagtail_medborgare.segments.side_panels import WithSidePanels


class BannerCreateView(WithSidePanels, CreateView):
    pass


class BannerEditView(WithSidePanels, EditView):
    pass


class BannerViewSet(SnippetViewSet):
    """With our panels, as a site would have them."""

    model = Banner
    add_view_class = BannerCreateView
    edit_view_class = BannerEditView


register_snippet(BannerViewSet)
register_snippet(Poster)
