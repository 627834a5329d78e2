"""The two cookies of an anonymous visitor: encrypted, and equally long for any choice."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.encryption import InvalidBox, seal, unseal
from wagtail_medborgare.situations.snapshot import situations
from wagtail_medborgare.visitors.choices import Choices, from_bytes, to_bytes

SECONDS_A_DAY = 86_400

# The cookie's name, its value and its attributes stay below 1 KiB.
_BOX_BYTES = 640
_LONGEST_VALUE = 1024

# A browser that restores its tabs revives session cookies; this ends that too.
_VISIT_DAYS = 2


@dataclass(frozen=True, kw_only=True)
class ChoiceCookie:
    """One of the cookies: its name and how it is kept."""

    plain_name: str
    is_device: bool

    @property
    def name(self) -> str:
        """The cookie's name: only a development server may drop the prefix.

        ``__Host-`` makes the browser refuse the cookie from another host or over an
        unencrypted connection (RFC 6265bis, section 4.1.3.2).
        """
        return self.plain_name if settings.DEBUG else f"__Host-{self.plain_name}"

    @property
    def days(self) -> int:
        return app_settings.DEVICE_COOKIE_DAYS if self.is_device else _VISIT_DAYS

    def read(self, cookies: Mapping[str, str]) -> Choices | None:
        """Return what the cookie holds; None for a missing, altered or old one."""
        value = cookies.get(self.name)
        if not value or len(value) > _LONGEST_VALUE:
            return None
        try:
            choices, day = from_bytes(unseal(value, purpose=self.plain_name))
        except (InvalidBox, ValueError):
            return None
        if not 0 <= today() - day < self.days:
            return None
        # Whatever a device cookie says, it never speaks of anything sensitive.
        return choices.without_sensitive() if self.is_device else choices

    def write(
        self, response: HttpResponse, choices: Choices, *, is_secure: bool
    ) -> None:
        """Set the cookie, or delete it when there is nothing to keep."""
        if not choices:
            self.delete(response, is_secure=is_secure)
            return
        packed = to_bytes(choices, day=today(), size=_BOX_BYTES - 2)
        response.set_cookie(
            self.name,
            seal(packed, purpose=self.plain_name, length=_BOX_BYTES),
            max_age=self.days * SECONDS_A_DAY if self.is_device else None,
            secure=is_secure or not settings.DEBUG,
            httponly=True,
            samesite="Lax",
        )

    def delete(self, response: HttpResponse, *, is_secure: bool) -> None:
        """Tell the browser to drop the cookie."""
        response.set_cookie(
            self.name,
            "",
            max_age=0,
            expires="Thu, 01 Jan 1970 00:00:00 GMT",
            secure=is_secure or not settings.DEBUG,
            httponly=True,
            samesite="Lax",
        )


VISIT = ChoiceCookie(plain_name="mb-visit", is_device=False)
DEVICE = ChoiceCookie(plain_name="mb-device", is_device=True)


def read_choices(cookies: Mapping[str, str]) -> Choices:
    """Return what this visitor's device keeps, both cookies together."""
    device, visit = DEVICE.read(cookies), VISIT.read(cookies)
    choices = visit or Choices()
    if device is not None:
        choices = replace(device, remember=True).joined(choices)
    if choices.situations:
        choices = choices.with_merged(situations.get().merged_into)
    if not choices.has_sensitive:
        return choices
    return choices.without_expired(
        now=this_minute(), minutes=app_settings.SENSITIVE_CHOICE_MINUTES
    )


def write_choices(
    request: HttpRequest, response: HttpResponse, choices: Choices
) -> None:
    """Let the device keep these choices: for this visit, or remembered if asked."""
    is_secure = request.is_secure()
    if choices.remember:
        visit, device = choices.only_sensitive(), choices.without_sensitive()
    else:
        visit, device = choices, Choices()
    for cookie, part in ((VISIT, visit), (DEVICE, device)):
        # A visitor who never had the cookie is not sent one to delete.
        if part or cookie.name in request.COOKIES:
            cookie.write(response, part, is_secure=is_secure)


def today() -> int:
    return int(time.time()) // SECONDS_A_DAY


def this_minute() -> int:
    return int(time.time()) // 60
