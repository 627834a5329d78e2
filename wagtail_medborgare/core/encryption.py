"""Encrypt small values so that they can lie on somebody else's device.

AES-256-GCM with a key for each purpose, derived by HKDF (RFC 5869) from the site's
secrets. Rotation: put the new secret first, keep the old one until nothing that it
encrypted matters any more.
"""

import base64
import binascii
import hashlib
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from wagtail_medborgare.core.conf import app_settings

_VERSION = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12
_HEADER_BYTES = len(_VERSION) + _KEY_ID_BYTES + _NONCE_BYTES


class InvalidBox(ValueError):
    """A box was tampered with, is of another site or purpose, or is no box."""


def seal(plaintext: bytes, *, purpose: str, length: int) -> str:
    """Encrypt bytes into URL-safe text that is equally long for every content.

    ``length`` is the padded size in bytes; ValueError when the content does not fit.
    """
    if len(plaintext) + 2 > length:
        raise ValueError(f"{len(plaintext)} bytes do not fit in a box of {length}")
    padded = len(plaintext).to_bytes(2, "big") + plaintext
    padded = padded.ljust(length, b"\0")
    secret = _secrets()[0]
    header = _VERSION + _key_id(secret) + os.urandom(_NONCE_BYTES)
    nonce = header[-_NONCE_BYTES:]
    sealed = _cipher(secret, purpose).encrypt(nonce, padded, header)
    return base64.urlsafe_b64encode(header + sealed).rstrip(b"=").decode("ascii")


def unseal(box: str, *, purpose: str) -> bytes:
    """Decrypt what ``seal`` made. InvalidBox for anything else."""
    try:
        # The strict alphabet makes each box have one spelling only.
        raw = base64.b64decode(
            box.encode("ascii") + b"=" * (-len(box) % 4), altchars=b"-_", validate=True
        )
    except (UnicodeEncodeError, binascii.Error, ValueError) as error:
        raise InvalidBox("not base64") from error
    if _canonical(raw) != box or raw[:1] != _VERSION or len(raw) <= _HEADER_BYTES:
        raise InvalidBox("not a box")
    header, sealed = raw[:_HEADER_BYTES], raw[_HEADER_BYTES:]
    key_id, nonce = header[1 : 1 + _KEY_ID_BYTES], header[-_NONCE_BYTES:]
    for secret in _secrets():
        if _key_id(secret) == key_id:
            try:
                padded = _cipher(secret, purpose).decrypt(nonce, sealed, header)
            except InvalidTag as error:
                raise InvalidBox("altered, or made for another purpose") from error
            size = int.from_bytes(padded[:2], "big")
            return padded[2 : 2 + size]
    raise InvalidBox("no such key")


def _canonical(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _secrets() -> tuple[str, ...]:
    if app_settings.ENCRYPTION_KEYS:
        return tuple(app_settings.ENCRYPTION_KEYS)
    return tuple(
        str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )


@lru_cache(maxsize=64)
def _key_id(secret: str) -> bytes:
    return hashlib.sha256(b"medborgare.key-id:" + secret.encode()).digest()[
        :_KEY_ID_BYTES
    ]


@lru_cache(maxsize=64)
def _cipher(secret: str, purpose: str) -> AESGCM:
    derived = HKDF(
        algorithm=SHA256(),
        length=32,
        salt=b"wagtail-medborgare",
        info=purpose.encode(),
    ).derive(secret.encode())
    return AESGCM(derived)
