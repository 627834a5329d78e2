"""What the list of an Open ePlatform may look like, and what is made of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wagtail_medborgare.services.importers.base import InvalidFeed
from wagtail_medborgare.services.importers.open_eplatform import OpenEPlatformImporter

DATA = Path(__file__).parent / "data"


def flow(number=1, **fields):
    return {
        "ID": number * 10,
        "FlowFamilyID": number,
        "Name": f"Tjänst {number}",
        "FlowFamilyURL": f"https://e.example.se/overview/{number}",
        "Category": "Bygga",
        "ShortDescription": "Kort",
        "LongDescription": "<p>Lång</p>",
        "RequiresAuthentication": True,
        "RequiresSigning": False,
        "Enabled": True,
        **fields,
    }


def parse(*flows, **kwargs):
    data = json.dumps({"Flows": list(flows)}).encode()
    return OpenEPlatformImporter().parse(data, **kwargs)


def only(*flows):
    feed = parse(*flows)
    assert len(feed.services) == 1, feed.problems
    return feed.services[0].fields


def test_service_is_read_with_all_its_fields():
    feed = parse(flow(7))

    assert feed.source == "e.example.se"
    assert feed.services[0].key == "7"
    assert feed.problems == ()
    assert feed.services[0].fields == {
        "name": "Tjänst 7",
        "summary": "Kort",
        "description": "<p>Lång</p>",
        "category": "Bygga",
        "e_service.url": "https://e.example.se/overview/7",
        "e_service.requires_login": True,
        "e_service.requires_signing": False,
    }


def test_hand_written_list_keeps_the_good_and_names_the_bad():
    feed = OpenEPlatformImporter().parse((DATA / "dirty_flows.json").read_bytes())

    assert {one.key: one.fields["name"] for one in feed.services} == {
        "1": "Søk om plass på Ås",
        "2": "Ansökan & anmälan",
        "3": "Nyare version",
        "4": "Päivähoitohakemus",
        "5": "Straßenfest anmelden 🎉",
    }
    assert len(feed.problems) == 3
    assert feed.known_keys == {"1", "2", "3", "4", "5", "6", "8"}
    assert feed.source == "e.kommune.example"


@pytest.mark.parametrize("key", [7, "7", " 7 ", "007"])
def test_family_is_the_key_however_it_is_written(key):
    assert parse(flow(1, FlowFamilyID=key)).services[0].key == "7"


@pytest.mark.parametrize(
    "key", [None, "", "a", True, -1, 1.5, [1], {"a": 1}, "1" * 19, 10**3999]
)
def test_entry_without_a_family_is_skipped_and_named(key):
    feed = parse(flow(1), flow(2, FlowFamilyID=key))

    assert [one.key for one in feed.services] == ["1"]
    assert len(feed.problems) == 1
    assert "2" in feed.problems[0]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize("kind", [int, str])
def test_newer_of_two_versions_counts_whatever_the_order(order, kind):
    flows = [
        flow(1, ID=kind(90 + number * 10), Name=f"Nr {number}") for number in order
    ]

    assert only(*flows)["name"] == "Nr 2"


@pytest.mark.parametrize("enabled", [False, "false", 0, "0"])
def test_disabled_service_is_not_there(enabled):
    feed = parse(flow(1), flow(2, Enabled=enabled))

    assert feed.known_keys == {"1"}
    assert feed.problems == ()


def test_disabled_version_does_not_hide_the_one_in_use():
    assert only(flow(1, ID=5), flow(1, ID=6, Enabled=False))["name"] == "Tjänst 1"


def test_feed_of_nothing_but_disabled_services_is_an_empty_one():
    assert parse(flow(1, Enabled=False)).services == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Name", None), ("Name", ""), ("Name", " <br> "), ("Name", 5), ("Name", []),
        ("ShortDescription", 5), ("LongDescription", {}), ("Category", 5),
        ("FlowFamilyURL", 5), ("RequiresSigning", "kanske"), ("Enabled", []),
    ],
)  # fmt: skip
def test_unusable_entry_is_skipped_but_known_to_be_there(field, value):
    feed = parse(flow(1), flow(2, **{field: value}))

    assert [one.key for one in feed.services] == ["1"]
    assert len(feed.problems) == 1
    assert field == "Enabled" or "2" in feed.known_keys


@pytest.mark.parametrize("entry", [None, 5, "x", [], {}])
def test_entry_that_is_no_object_is_skipped(entry):
    assert len(parse(flow(1), entry).problems) == 1


def test_only_family_and_name_are_needed():
    fields = only({"FlowFamilyID": 1, "Name": "A"})

    assert fields["e_service.url"] == fields["description"] == ""
    assert fields["e_service.requires_login"] is False


def test_unknown_keys_and_missing_aliases_do_not_matter():
    assert only(flow(1, Aliases=None, Icon="/x", Popularity={"a": [1]}))


@pytest.mark.parametrize("long", [None, "", "<p>&nbsp;</p>"])
def test_short_description_stands_in_for_a_missing_one(long):
    assert only(flow(1, LongDescription=long))["description"] == "<p>Kort</p>"


def test_category_may_be_an_object():
    assert only(flow(1, Category={"ID": 3, "Name": "Bo"}))["category"] == "Bo"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("<b>Bygg</b>&nbsp;lov\r\n", "Bygg lov"),
        ("A\u0000B\u0001", "AB"),
        ("Ansökan \u0096 bygg", "Ansökan – bygg"),
        ("Fest \ud83d", "Fest \ufffd"),
        ("\ud83c\udf89", "🎉"),
        ("A\u030as", "Ås"),
        ("طلب رعاية الأطفال", "طلب رعاية الأطفال"),
        ("Þjónusta í Ærø", "Þjónusta í Ærø"),
        ("Lång " * 60, ("Lång " * 39).strip() + "…"),
    ],
)
def test_name_is_cleaned_and_can_be_stored(name, expected):
    cleaned = only(flow(1, Name=name))["name"]

    assert cleaned == expected
    assert len(cleaned) <= 200
    cleaned.encode()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:x", "/overview/1", "https://", "https://a b.se/", "https://x_y",
        "https://user@e.example.se/", "https://e.example.se/" + "x" * 500, "http://[::1",
    ],
)  # fmt: skip
def test_address_that_cannot_be_used_gives_way_to_the_other(url):
    other = "https://e.example.se/flowoverview/1"

    assert only(flow(1, FlowFamilyURL=url, URL=other))["e_service.url"] == other
    assert only(flow(1, FlowFamilyURL=url))["e_service.url"] == ""


def test_source_is_the_host_of_most_services():
    elsewhere = flow(1, FlowFamilyURL="https://annan.example.se/")

    assert parse(elsewhere, flow(2), flow(3)).source == "e.example.se"


def test_source_without_any_address_is_the_platform():
    assert parse({"FlowFamilyID": 1, "Name": "A"}).source == "open-eplatform"


def test_bare_list_of_services_is_accepted():
    feed = OpenEPlatformImporter().parse(json.dumps([flow(1)]).encode())

    assert len(feed.services) == 1


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"flows": []},
        {"Flows": None},
        {"Flows": {}},
        "Flows",
        5,
        None,
        {"Flows": [5]},
    ],
)
def test_what_is_no_list_of_services_is_refused(value):
    with pytest.raises(InvalidFeed):
        OpenEPlatformImporter().parse(json.dumps(value).encode())
