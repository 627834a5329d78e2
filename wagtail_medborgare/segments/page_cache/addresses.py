"""What of a request decides which page it is, before sessions and routing."""

from dataclasses import astuple, dataclass
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import unquote_plus

from django.conf import settings
from django.conf.urls.i18n import is_language_prefix_patterns_used
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils import translation

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.segments.snapshot import segments

LOCALE_MIDDLEWARE = "django.middleware.locale.LocaleMiddleware"

# Names that mark where a visitor came from; no page is another page because of them.
TRACKING = frozenset(
    [
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "_kx",
        "dclid",
        "epik",
        "fbclid",
        "gad_source",
        "gbraid",
        "gclid",
        "gclsrc",
        "igshid",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "msclkid",
        "oly_anon_id",
        "pk_campaign",
        "pk_content",
        "pk_keyword",
        "pk_kwd",
        "pk_medium",
        "pk_source",
        "oly_enc_id",
        "s_cid",
        "srsltid",
        "ttclid",
        "twclid",
        "vero_id",
        "wbraid",
        "wickedid",
        "yclid",
    ]
)
TRACKING_PREFIXES = ("utm_", "mtm_", "piwik_", "matomo_")

LONGEST_QUERY = 200
LONGEST_PATH = 1000

# Who sends one of these may be somebody: what they see is theirs.
_IDENTIFYING = ("HTTP_AUTHORIZATION", "REMOTE_USER")


@dataclass(frozen=True)
class Address:
    """Everything but the visitor that decides which page a request is for."""

    scheme: str
    host: str
    path: str
    query: str
    language: str

    @property
    def key(self) -> str:
        """Return a short name for it that tells nothing."""
        return digest(repr(astuple(self)))


def digest(text: str) -> str:
    """Return 128 bits that stand for a text."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def address_of(request: HttpRequest) -> Address | None:
    """Return the address of a request; None where the cache has nothing to do with it."""
    if request.method not in ("GET", "HEAD"):
        return None
    if _may_be_somebody(request):
        return None
    query = _clean_query(request)
    if query is None:
        return None
    path = request.path
    if len(path) > LONGEST_PATH:
        return None
    try:
        # Wagtail finds the site by both.
        host = f"{request.get_host()} {request.get_port()}"
    except DisallowedHost:
        return None
    return Address(request.scheme or "", host, path, query, language_of(request))


def _may_be_somebody(request: HttpRequest) -> bool:
    cookies = request.COOKIES
    return (
        settings.SESSION_COOKIE_NAME in cookies
        or "messages" in cookies
        or getattr(request, "is_dummy", False)
        or any(request.META.get(name) for name in _IDENTIFYING)
    )


def is_language_in_address() -> bool:
    """Say whether Django's own middleware chooses the language."""
    return LOCALE_MIDDLEWARE in settings.MIDDLEWARE


def language_of(request: HttpRequest) -> str:
    """Return the language that Django's own middleware would choose."""
    if not is_language_in_address():
        return settings.LANGUAGE_CODE
    urlconf = getattr(request, "urlconf", settings.ROOT_URLCONF)
    prefixed, _default = is_language_prefix_patterns_used(urlconf)
    return translation.get_language_from_request(request, check_path=prefixed)


def _clean_query(request: HttpRequest) -> str | None:
    """Take what only tracks out of the request; None if anything unknown is left."""
    raw = request.META.get("QUERY_STRING", "")
    if not raw:
        return ""
    if len(raw) > LONGEST_QUERY * 20:
        return None
    asked = query_names()
    pairs = [pair for pair in raw.split("&") if pair]
    kept = [pair for pair in pairs if not _only_tracks(_name_in(pair), asked)]
    if len(kept) < len(pairs):
        # Joined as they came: to write them anew could change what they say.
        request.META["QUERY_STRING"] = raw = "&".join(kept)
        # Whatever read it before the cache keeps what it has read.
        request.__dict__.pop("GET", None)
    if len(raw) > LONGEST_QUERY or any(_name_in(pair) not in asked for pair in kept):
        return None
    return raw


def _name_in(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0])


def _only_tracks(name: str, asked: frozenset[str]) -> bool:
    if name in asked:
        return False
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def query_names() -> frozenset[str]:
    """Return the parameters that make a page another page: allowed, or asked by a rule."""
    return _joined(tuple(app_settings.PAGE_CACHE_QUERY), segments.get().query_names)


@lru_cache(maxsize=8)
def _joined(allowed: tuple[str, ...], ruled: frozenset[str]) -> frozenset[str]:
    return frozenset(allowed) | ruled
