from wagtail.models import Page

from municipality.models import MyServicesPage, ServiceCataloguePage, StartPage


def load_service_pages(start: StartPage) -> int:
    """Create Mina tjänster and the catalogue; empty modules mean all of them."""
    wanted = [
        MyServicesPage(
            title="Mina tjänster",
            slug="mina-tjanster",
            search_description="Allt som gäller dig i Strandviks kommun, utan inloggning.",
        ),
        ServiceCataloguePage(
            title="Alla tjänster",
            slug="tjanster",
            search_description="Alla tjänster i Strandviks kommun, från A till Ö.",
        ),
    ]
    missing = [page for page in wanted if not type(page).objects.exists()]
    for page in missing:
        Page.objects.get(pk=start.pk).add_child(instance=page)
        page.save_revision().publish()
    return len(missing)
