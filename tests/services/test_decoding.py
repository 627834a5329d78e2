from __future__ import annotations

import pytest
from django.utils import translation

from wagtail_medborgare.services.importers.base import InvalidFeed
from wagtail_medborgare.services.importers.decoding import decode, load_json

TEXT = '{"a": "åäöÅÄÖ æøü ß"}'


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode("utf-8-sig"), ""),
        (TEXT.encode("latin-1"), ""),
        (TEXT.encode("latin-1"), "ISO-8859-1"),
        (TEXT.encode("latin-1"), "utf-8"),
        (TEXT.encode("cp1252"), "windows-1252"),
        (TEXT.encode(), "ISO-8859-1"),
        (TEXT.encode(), "nonsense"),
        (TEXT.encode(), "utf-7"),
        (TEXT.encode("latin-1"), "a\x00b"),
        (TEXT.encode("latin-1"), "zlib"),
    ],
)
def test_text_is_found_in_spite_of_what_is_declared(data, charset):
    assert decode(data, charset=charset) == TEXT


def test_declared_charset_counts_where_the_bytes_are_not_utf_8():
    assert decode("{“€”}".encode("cp1252"), charset="cp1252") == "{“€”}"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-32"), "UTF-16"),
        (TEXT.encode("utf-32-be"), "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\x00", "U\\+0089 stands on line 1"),
        (b"PK\x03\x04\x14", "U\\+0003"),
        (b'{"a":\n "\x00"}', "U\\+0000 stands on line 2"),
        (b'{"a": "\x96"}', "U\\+0096"),
    ],
)
def test_what_is_not_text_is_refused_with_a_reason(data, reason):
    with pytest.raises(InvalidFeed, match=reason):
        decode(data)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"Flows": [', "line 1, column 12"),
        ('{"a": 1,\n "b" 2}', "line 2, column 6"),
        ('{"a": 1, "a": 2}', "twice"),
        ("[NaN]", "NaN"),
        ("[-Infinity]", "NaN"),
        ("[1e999]", "too long"),
        ("[" + "9" * 5000 + "]", "too long"),
        ("[" * 100_000, "too deeply"),
        ('{"a":' * 100_000, "too deeply"),
        ("<!DOCTYPE html><h1>Logga in", "web page"),
        ("\n<?xml version='1.0'?>", "web page"),
    ],
)
def test_what_is_not_strict_json_is_refused_with_a_reason(text, reason):
    with pytest.raises(InvalidFeed, match=reason):
        load_json(text)


def test_half_a_character_is_left_to_be_mended():
    assert load_json(r'"a\ud83d"') == "a\ud83d"
