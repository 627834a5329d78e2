"""Open ePlatform's list of published services (``/api/v1/getflows/json``)."""

import re
from typing import Any
from urllib.parse import urlsplit

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

_KEY = re.compile(r"[0-9]{1,18}")


class Unusable(ValueError):
    """One entry cannot be used; the others can."""


class OpenEPlatformImporter(BaseImporter):
    name = "open-eplatform"
    label = gettext_lazy("Open ePlatform")

    def parse(self, data: bytes, *, charset: str = "") -> Feed:
        flows = _flows(load_json(decode(data, charset=charset)))
        services: dict[str, FeedService] = {}
        versions: dict[str, int] = {}
        known: set[str] = set()
        problems: list[str] = []
        for place, flow in enumerate(flows, start=1):
            try:
                key = _key(flow)
                known.add(key)
                if flow.get("Enabled") is False:
                    known.discard(key)
                    continue
                service, version = _service(key, flow), _number(flow.get("ID"))
            except Unusable as error:
                problems.append(
                    _("Entry %(place)d is skipped: %(reason)s")
                    % {"place": place, "reason": error}
                )
                continue
            # Two versions of one service: the newer counts.
            if key not in services or version >= versions[key]:
                services[key], versions[key] = service, version
        if flows and not services:
            raise InvalidFeed(_("None of the entries in the file is a service."))
        return Feed(
            source=_host(flows) or self.name,
            services=tuple(services.values()),
            known_keys=frozenset(known),
            problems=tuple(problems),
        )


def _flows(value: Any) -> list[Any]:
    flows = value.get("Flows") if isinstance(value, dict) else None
    if not isinstance(flows, list):
        raise InvalidFeed(
            _("The file is no list of services: it has no list called “Flows”.")
        )
    return flows


def _key(flow: Any) -> str:
    if not isinstance(flow, dict):
        raise Unusable(_("it is not an object."))
    # ID and URL change with each version; only the family stays.
    key = str(flow.get("FlowFamilyID", ""))
    if isinstance(flow.get("FlowFamilyID"), bool) or not _KEY.fullmatch(key):
        raise Unusable(_("it has no FlowFamilyID."))
    return str(int(key))


def _service(key: str, flow: dict[str, Any]) -> FeedService:
    name = plain_text(_text(flow, "Name"), longest=LONGEST_NAME)
    if not name:
        raise Unusable(_("it has no name."))
    url = _url(flow)
    description = _text(flow, "LongDescription") or _text(flow, "ShortDescription")
    return FeedService(
        key=key,
        fields={
            "name": name,
            "summary": plain_text(
                _text(flow, "ShortDescription"), longest=LONGEST_SUMMARY
            ),
            "description": clean_html(description, base_url=url),
            "category": plain_text(_text(flow, "Category"), longest=LONGEST_CATEGORY),
            "e_service.url": url,
            "e_service.requires_login": flow.get("RequiresAuthentication") is True,
            "e_service.requires_signing": flow.get("RequiresSigning") is True,
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
    # A lone surrogate can be written in JSON, but not stored.
    return value.encode("utf-8", "replace").decode("utf-8")


def _url(flow: dict[str, Any]) -> str:
    for name in ("FlowFamilyURL", "URL"):
        url = _text(flow, name).strip()
        try:
            parts = urlsplit(url)
        except ValueError:
            continue
        if parts.scheme in {"http", "https"} and parts.hostname:
            if len(url) <= LONGEST_URL and not re.search(r"[\s<>\"]", url):
                return url
    return ""


def _host(flows: list[Any]) -> str:
    for flow in flows:
        if isinstance(flow, dict):
            try:
                host = urlsplit(_url(flow)).hostname
            except Unusable:
                continue
            if host:
                return host[:100]
    return ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
