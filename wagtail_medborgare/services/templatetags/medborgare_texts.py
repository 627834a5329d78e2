import nh3
from django import template
from django.utils.safestring import SafeString
from wagtail.templatetags.wagtailcore_tags import richtext

register = template.Library()

_TAGS = {
    "a", "b", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "li", "ol", "p", "strong", "sub", "sup", "ul",
}  # fmt: skip
# A link to a page is stored as its kind and its key; Wagtail makes the address of them.
_ATTRIBUTES = {"*": {"data-block-key"}, "a": {"href", "id", "linktype"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


@register.filter
def clean_richtext(text: str) -> SafeString:
    """Show a rich text, and of its markup only what its editor offers.

    Wagtail cleans what comes from its own editor, and shows what is stored as it stands.
    What another program stored has been cleaned by nobody.
    """
    cleaned = nh3.clean(
        text, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None
    )
    return SafeString(richtext(cleaned))
