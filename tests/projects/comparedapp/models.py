from wagtail.models import Page


class ComparedPage(Page):
    """The same page in both sites: it shows nothing personal itself."""
