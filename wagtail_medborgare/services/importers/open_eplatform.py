"""Open ePlatform's list of published services (``/api/v1/getflows/json``)."""

import re
import unicodedata
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_medborgare.services.importers.base import (
    BaseImporter,
    Feed,
    FeedService,
    InvalidFeed,
)
from wagtail_medborgare.services.importers.decoding import decode, load_json
from wagtail_medborgare.services.importers.html import clean_html, plain_text

LONGEST_NAME = 200
LONGEST_SUMMARY = 300
LONGEST_URL = 500
LONGEST_CATEGORY = 120
LONGEST_SOURCE = 100

_KEY = re.compile(r"[0-9]{1,18}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Windows' dashes and quotation marks, where a sender took them for Latin-1.
_WINDOWS = re.compile(r"[\x80-\x9f]")
_YES_OR_NO = {"true": True, "1": True, "false": False, "0": False, "": False}

_is_web_address = URLValidator(schemes=["http", "https"])


class Unusable(ValueError):
    """One entry cannot be used; the others can."""


class OpenEPlatformImporter(BaseImporter):
    """Open ePlatform: the list of all published services."""

    name = "open-eplatform"
    label = gettext_lazy("Open ePlatform")

    def parse(self, data: bytes, *, charset: str = "") -> Feed:
        flows = _flows(load_json(decode(data, charset=charset)))
        reader = _Reader()
        for place, flow in enumerate(flows, start=1):
            try:
                reader.read(flow)
            except Unusable as error:
                reader.problems.append(
                    _("Entry %(place)d is skipped: %(reason)s")
                    % {"place": place, "reason": error}
                )
        if flows and not reader.services and reader.problems:
            raise InvalidFeed(_("None of the entries in the file is a service."))
        # An empty list does not say where it comes from.
        return Feed(
            source=_host(reader.services) or (self.name if flows else ""),
            services=tuple(reader.services.values()),
            known_keys=frozenset(reader.known),
            problems=tuple(reader.problems),
        )


class _Reader:
    """Gather the services of a feed, of each the newest version that can be used."""

    def __init__(self) -> None:
        self.services: dict[str, FeedService] = {}
        self.known: set[str] = set()
        self.problems: list[str] = []
        self._versions: dict[str, int] = {}

    def read(self, flow: Any) -> None:
        """Add one entry. Unusable says what is wrong with it."""
        key = _key(flow)
        if not _flag(flow, "Enabled", default=True):
            return
        self.known.add(key)
        service, version = _service(key, flow), _number(flow.get("ID"))
        if version >= self._versions.get(key, version):
            self.services[key], self._versions[key] = service, version


def _flows(value: Any) -> list[Any]:
    flows = value.get("Flows") if isinstance(value, dict) else value
    if not isinstance(flows, list):
        raise InvalidFeed(
            _("The file is no list of services: it has no list called “Flows”.")
        )
    return flows


def _key(flow: Any) -> str:
    if not isinstance(flow, dict):
        raise Unusable(_("it is not an object."))
    # ID and URL change with each version; only the family stays.
    family = flow.get("FlowFamilyID")
    key = family.strip() if isinstance(family, str) else str(family)
    if not _KEY.fullmatch(key):
        raise Unusable(_("it has no FlowFamilyID."))
    return str(int(key))


def _service(key: str, flow: dict[str, Any]) -> FeedService:
    name = plain_text(_text(flow, "Name"), longest=LONGEST_NAME)
    if not name:
        raise Unusable(_("it has no name."))
    url, short = _url(flow), _text(flow, "ShortDescription")
    return FeedService(
        key=key,
        fields={
            "name": name,
            "summary": plain_text(short, longest=LONGEST_SUMMARY),
            "description": clean_html(_text(flow, "LongDescription"), base_url=url)
            or clean_html(short, base_url=url),
            "category": plain_text(_text(flow, "Category"), longest=LONGEST_CATEGORY),
            "e_service.url": url,
            "e_service.requires_login": _flag(flow, "RequiresAuthentication"),
            "e_service.requires_signing": _flag(flow, "RequiresSigning"),
        },
    )


def _text(flow: dict[str, Any], name: str) -> str:
    value = flow.get(name)
    if name == "Category" and isinstance(value, dict):
        value = value.get("Name")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unusable(_("its %(field)s is not text.") % {"field": name})
    return _storable(value)


def _storable(text: str) -> str:
    """Mend what can be written in JSON, but not be stored, searched or read."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _WINDOWS.sub(
        lambda match: match.group().encode("latin-1").decode("cp1252", "replace"), text
    )
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text))


def _flag(flow: dict[str, Any], name: str, *, default: bool = False) -> bool:
    value = flow.get(name)
    if value is None:
        return default
    said = _YES_OR_NO.get(str(value).strip().lower())
    if said is None:
        raise Unusable(_("its %(field)s is neither yes nor no.") % {"field": name})
    return said


def _url(flow: dict[str, Any]) -> str:
    for name in ("FlowFamilyURL", "URL"):
        url = _text(flow, name).strip()
        try:
            _is_web_address(url)
        except ValidationError:
            continue
        if len(url) <= LONGEST_URL and "@" not in urlsplit(url).netloc:
            return url
    return ""


def _host(services: dict[str, FeedService]) -> str:
    """Return the host of most services: single ones may live somewhere else."""
    hosts = Counter(
        urlsplit(service.fields["e_service.url"]).hostname or ""
        for service in services.values()
    )
    del hosts[""]
    found = min(hosts, key=lambda host: (-hosts[host], host), default="")
    return found[:LONGEST_SOURCE]


def _number(value: Any) -> int:
    if isinstance(value, str) and _KEY.fullmatch(value.strip()):
        return int(value)
    return value if isinstance(value, int) else 0
