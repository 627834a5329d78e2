from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from wagtail_medborgare.services.importers.html import clean_html, plain_text
from wagtail_medborgare.services.importers.links import mend_link
from wagtail_medborgare.services.models.services import RICH_TEXT

BASE = "https://e.example.se/oversikt/overview/7"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('<p style="color:red"><font face="x">Röd</font></p>', "<p>Röd</p>"),
        ("<h1>Rubrik</h1><h2>Mindre</h2>", "<h3>Rubrik</h3><h3>Mindre</h3>"),
        ("<p>å &amp; &ouml; &lt;5&gt;&nbsp;kr</p>", "<p>å &amp; ö &lt;5&gt; kr</p>"),
        ("a<script>b</script><style>c</style>d", "<p>ad</p>"),
        ("<p onclick='x()' role='note'>a<img src='/b.png'></p>", "<p>a</p>"),
        ("<!-- a --><p>b<!--[if mso]>c<![endif]--></p>", "<p>b</p>"),
        ('<div role="button" tabindex="0">Starta</div>', "<p>Starta</p>"),
        ("<strong>a</strong> <em>b</em>", "<p><b>a</b> <i>b</i></p>"),
        ("<o:p>Word</o:p><span lang=SV>text</span>", "<p>Wordtext</p>"),
        ("a\u200bb\ufeffc\u00add&#8203;e&zwnj;", "<p>abcde</p>"),
        ("a\u00a0 \r\n b<br>", "<p>a b</p>"),
        ("rad 1\r\nrad 2\n\nnytt", "<p>rad 1<br/>rad 2</p><p>nytt</p>"),
        ("<p>a<br><br />b</p>", "<p>a</p><p>b</p>"),
        ("<p></p><p>&nbsp;</p><b> </b><br>", ""),
        ("", ""),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ('<p title="a>b">c', "<p>c</p>"),
        ('<p class="oavslutad>c</p>', "<p>c</p>"),
    ],
)
def test_markup_becomes_plain_blocks(raw, expected):
    assert clean_html(raw, base_url=BASE) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<li>a</li><p>b", "<ul><li>a</li></ul><p>b</p>"),
        ("<ul>a</ul></ul></p>b", "<ul><li>a</li></ul><p>b</p>"),
        ("<ol><li><p>a</p><p>b</p></li></ol>", "<ol><li>a<br/>b</li></ol>"),
        (
            "<ul><li>a<ul><li>b</ul><li>c",
            "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
        ),
        ("<b>a<i>b</b>c</i>", "<p><b>a<i>b</i></b><i>c</i></p>"),
        ("<b><p>a</p><p>b</p></b>", "<p><b>a</b></p><p><b>b</b></p>"),
        ("<b><b>a</b></b>", "<p><b>a</b></p>"),
        ("<div>a<ul><li>b</ul>c</div>", "<p>a</p><ul><li>b</li></ul><p>c</p>"),
        ("</b></a></li>a", "<p>a</p>"),
    ],
)
def test_crossed_and_unclosed_tags_are_put_right(raw, expected):
    assert clean_html(raw) == expected


def test_table_becomes_one_readable_line_a_row():
    raw = (
        "<table><tbody><tr><th>Ålder<th>Avgift</tr>"
        "<tr><td><b>Vuxen</b></td><td></td><td>100&nbsp;kr</td></tr></table>"
    )

    assert clean_html(raw) == "<p>Ålder – Avgift</p><p><b>Vuxen</b> – 100 kr</p>"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/anmalan", "https://e.example.se/anmalan"),
        ("8", "https://e.example.se/oversikt/overview/8"),
        ("//annan.example.se/x", "https://annan.example.se/x"),
        ("??RELATIVE_FROM_CONTEXTPATH??/flow/8", "https://e.example.se/flow/8"),
        ("http://mailto:a@b.se", "mailto:a@b.se"),
        ("MAILTO:a@b.se?subject=å b", "mailto:a@b.se?subject=å%20b"),
        ("http://name@example.se/", "mailto:name@example.se"),
        ("name@example.se", "mailto:name@example.se"),
        ("tel: 060-19 10 00", "tel:060-191000"),
        ("http://https://example.se/a", "https://example.se/a"),
        ("www.example.se", "https://www.example.se"),
        ("HTTPS://example.se/å b\u200b", "https://example.se/å%20b"),
        ('https://example.se/"><b>', "https://example.se/%22%3E%3Cb%3E"),
        ("https://e-tjänster.malmö.se/", "https://e-tjänster.malmö.se/"),
        ("javascript:alert(1)", None),
        (" java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://example.se/x", None),
        ("https://user:word@example.se/x", None),
        ("http://$mall{ord}", None),
        ("http://", None),
        ("https://[::1", None),
        ("", None),
        ("https://example.se/" + "x" * 3000, None),
    ],
)
def test_link_is_mended_or_dropped(href, expected):
    assert mend_link(href, base_url=BASE) == expected


def test_link_that_cannot_be_used_leaves_its_text():
    raw = '<a href="javascript:x()">a</a> <a name="b">b</a> <a href="&#106;avascript:x">c</a>'

    assert clean_html(raw, base_url=BASE) == "<p>a b c</p>"


def test_relative_link_without_a_platform_leaves_its_text():
    assert clean_html('<a href="/x">a</a>') == "<p>a</p>"


def test_link_in_another_link_ends_it():
    raw = '<a href="https://a.se/?x=1&amp;y=2">a<a href=https://b.se>b'

    assert clean_html(raw) == (
        '<p><a href="https://a.se/?x=1&amp;y=2">a</a><a href="https://b.se">b</a></p>'
    )


def test_joiners_stay_where_they_mean_something():
    persian, family = "می\u200cخواهم", "👨\u200d👩\u200d👧"

    assert clean_html(f"{persian} {family}") == f"<p>{persian} {family}</p>"


@pytest.mark.parametrize(
    ("raw", "longest", "expected"),
    [
        ("<b>A</b> &amp;\r\n B", 20, "A & B"),
        ("<p>Ett</p><p>två</p>", 20, "Ett två"),
        ("Ansökan om bygglov", 12, "Ansökan om…"),
        ("Ord, " + "x" * 30, 20, "Ord, " + "x" * 14 + "…"),
        ("x" * 30, 20, "x" * 19 + "…"),
        ("<script>x</script>", 20, ""),
        ("barn < 5 år", 20, "barn < 5 år"),
    ],
)
def test_plain_text_is_one_line_cut_at_a_word(raw, longest, expected):
    text = plain_text(raw, longest=longest)

    assert text == expected
    assert len(text) <= longest


MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<ul>",
            "</ul>",
            "<ol>",
            "</ol>",
            "<li>",
            "</li>",
            "<h2>",
            "</h2>",
            "<br>",
            "<tr>",
            "<td>",
            "</td>",
            "</table>",
            "</a>",
            "<a_href=/x>",
            "<a_href='javascript:x'>",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            '<p_title="',
            ">",
            "&lt;",
            "&amp;",
            "&",
            "<",
            "a",
            "bc",
            "<svg>",
            "å",
        ]
    ),
    max_size=30,
).map(lambda parts: "".join(parts).replace("_", " "))


@settings(deadline=None)
@given(MARKUP)
def test_whatever_comes_in_an_editor_can_open_and_save_it(raw):
    converter = ContentstateConverter(RICH_TEXT)

    cleaned = clean_html(raw, base_url=BASE)

    converter.to_database_format(converter.from_database_format(cleaned))
    assert "javascript:" not in cleaned.replace("&", "")
    assert "<script" not in cleaned


@settings(deadline=None)
@given(MARKUP)
def test_cleaning_twice_is_cleaning_once(raw):
    cleaned = clean_html(raw, base_url=BASE)

    assert clean_html(cleaned, base_url=BASE) == cleaned


@pytest.mark.parametrize(
    "piece",
    [
        '<p>Vi hjälper <b>dig</b> &aring;t <a href="/x">rätt</a> håll.</p>',
        "<ul><li>x", "<div>", "<p><font color=x>y", "&", "&amp;", "<", "<!--", '<p "',
        "</b><b>", "<a href=", "a\u200d", "<b><i></b>",
    ],
)  # fmt: skip
def test_a_megabyte_costs_linear_time(piece):
    def seconds(size):
        raw = piece * (size // len(piece))
        started = time.process_time()
        clean_html(raw, base_url=BASE)
        return time.process_time() - started

    # A busy machine spoils single measurements, but not the best of several.
    pairs = [(seconds(250_000), seconds(500_000), seconds(1_000_000)) for _ in range(4)]
    quarter, half, whole = (min(times) for times in zip(*pairs, strict=True))

    assert whole <= max(2.5 * half, 2.5 * 2.5 * quarter) + 0.1
