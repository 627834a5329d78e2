"""The cookies are inert: any changed bit means that nothing was chosen."""

from __future__ import annotations

import base64
import secrets

import pytest
from conftest import VisitorClient
from django.test import RequestFactory
from factories import make_service, make_situation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wagtail_medborgare.core.encryption import seal
from wagtail_medborgare.visitors.choices import (
    ChoiceFull,
    Choices,
    Chosen,
    Kept,
    from_bytes,
    to_bytes,
)
from wagtail_medborgare.visitors.cookies import DEVICE, VISIT, read_choices

pytestmark = pytest.mark.django_db


def choices_in(**cookies: str) -> Choices:
    request = RequestFactory().get("/", secure=True)
    request.COOKIES.update(cookies)
    return read_choices(request.COOKIES)


def cookie_of(client: VisitorClient, cookie: object = VISIT) -> str:
    return client.cookies[cookie.name].value  # type: ignore[attr-defined]


def test_the_cookie_is_equally_long_whatever_is_chosen(visitor):
    situations = [
        make_situation(f"S{number}", is_sensitive=number % 2 == 0)
        for number in range(20)
    ]
    lengths = set()

    for count in (1, 2, 10, 20):
        visitor.choose(*situations[:count])
        lengths.add(len(cookie_of(visitor)))
    for _ in range(25):
        data = {"kind": "service", "key": make_service().pk}
        visitor.submit("/medborgare/save/", data)
    lengths.add(len(cookie_of(visitor)))
    visitor.choose(situations[1], remember=True)
    lengths.add(len(cookie_of(visitor, DEVICE)))

    assert len(lengths) == 1
    assert max(lengths) + len(DEVICE.name) < 1024


def test_the_cookie_names_nothing(visitor):
    visitor.choose(make_situation("Få barn", slug="having-a-child"))

    value = cookie_of(visitor)
    raw = base64.urlsafe_b64decode(value + "==")

    assert b"child" not in raw
    assert b'"s"' not in raw


def test_the_same_choice_never_gives_the_same_cookie_twice(visitor, other_visitor):
    child = make_situation()

    visitor.choose(child)
    other_visitor.choose(child)

    assert cookie_of(visitor) != cookie_of(other_visitor)


def test_ten_thousand_altered_cookies_choose_nothing(visitor):
    visitor.choose(make_situation(), make_situation())
    value = cookie_of(visitor)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    wrong = 0

    for _ in range(10_000):
        place = secrets.randbelow(len(value))
        sign = secrets.choice(alphabet.replace(value[place], ""))
        altered = value[:place] + sign + value[place + 1 :]
        wrong += bool(choices_in(**{VISIT.name: altered}))

    assert wrong == 0


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.one_of(st.text(max_size=1500), st.binary(max_size=900).map(repr)))
def test_any_text_as_a_cookie_chooses_nothing(value):
    assert not choices_in(**{VISIT.name: value, DEVICE.name: value})


@pytest.mark.parametrize(
    "value",
    ["", "=", "é", "A" * 100_000, "AQ", "\x00", "AAAA" * 200, "\ud800"],
)
def test_odd_cookies_are_no_error(visitor, value):
    assert not choices_in(**{VISIT.name: value})


def test_a_cookie_of_one_kind_is_worth_nothing_as_the_other(visitor):
    visitor.choose(make_situation())

    assert not choices_in(**{DEVICE.name: cookie_of(visitor)})


def test_a_cookie_of_another_site_chooses_nothing(visitor, settings):
    settings.WAGTAIL_MEDBORGARE_ENCRYPTION_KEYS = ["another-site" * 4]
    visitor.choose(make_situation())
    value = cookie_of(visitor)

    settings.WAGTAIL_MEDBORGARE_ENCRYPTION_KEYS = ["this-site-has-its-own" * 2]

    assert not choices_in(**{VISIT.name: value})


def test_a_key_that_is_rotated_out_still_reads(visitor, settings):
    settings.WAGTAIL_MEDBORGARE_ENCRYPTION_KEYS = ["old" * 12]
    visitor.choose(make_situation())

    settings.WAGTAIL_MEDBORGARE_ENCRYPTION_KEYS = ["new" * 12, "old" * 12]

    assert choices_in(**{VISIT.name: cookie_of(visitor)})


def test_djangos_own_key_rotation_rotates_the_cookie_too(visitor, settings):
    settings.SECRET_KEY = "first" * 12
    visitor.choose(make_situation())

    settings.SECRET_KEY_FALLBACKS = ["first" * 12]
    settings.SECRET_KEY = "second" * 12

    assert choices_in(**{VISIT.name: cookie_of(visitor)})


@pytest.mark.parametrize(("cookie", "days"), [(VISIT, 2), (DEVICE, 90)])
def test_an_old_cookie_chooses_nothing(visitor, time_machine, cookie, days):
    time_machine.move_to("2026-01-01 12:00:00+00:00")
    visitor.choose(make_situation(), remember=cookie is DEVICE)
    value = cookie_of(visitor, cookie)

    time_machine.shift(days * 86_400 - 86_400)
    on_the_last_day = choices_in(**{cookie.name: value})
    time_machine.shift(86_400)

    assert on_the_last_day
    assert not choices_in(**{cookie.name: value})


def test_a_cookie_from_the_future_chooses_nothing(visitor, time_machine):
    time_machine.move_to("2026-06-01 12:00:00+00:00")
    visitor.choose(make_situation())

    time_machine.move_to("2026-05-01 12:00:00+00:00")

    assert not choices_in(**{VISIT.name: cookie_of(visitor)})


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", b"not deflated", b"\xff" * 50],
)
def test_a_genuine_box_with_odd_content_chooses_nothing(content):
    box = seal(content, purpose=VISIT.plain_name, length=640)

    assert not choices_in(**{VISIT.name: box})


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"t":"x","s":[],"k":{},"d":{}}', '{"t":1,"s":1,"k":{},"d":{}}',
             '{"t":1,"s":[[]],"k":{},"d":{}}', '{"t":1,"s":[],"k":[],"d":{}}'],
)  # fmt: skip
def test_a_genuine_box_with_another_format_chooses_nothing(text):
    import zlib

    packed = zlib.compress(text.encode(), wbits=-15)
    box = seal(packed, purpose=VISIT.plain_name, length=640)

    assert not choices_in(**{VISIT.name: box})


def test_a_box_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="do not fit"):
        seal(b"x" * 100, purpose="test", length=100)


def test_a_development_server_may_do_without_the_prefix(visitor, settings):
    settings.DEBUG = True
    child = make_situation()

    response = visitor.post(
        "/medborgare/choose/",
        {"situation": child.slug},
        headers={"Origin": "http://testserver"},
    )

    assert response.cookies["mb-visit"]["secure"] == ""


def test_what_does_not_fit_drops_the_oldest_dismissed_things_first():
    dismissed = tuple(
        Kept(secrets.token_hex(8), secrets.token_hex(8)) for _ in range(25)
    )
    choices = Choices(situations=(Chosen(1),), dismissed=dismissed)

    kept, _day = from_bytes(to_bytes(choices, day=1, size=300))

    assert kept.situations == (Chosen(1),)
    assert 0 < len(kept.dismissed) < 25
    assert kept.dismissed == dismissed[-len(kept.dismissed) :]


def test_what_does_not_fit_at_all_is_refused():
    saved = tuple(Kept(secrets.token_hex(8), secrets.token_hex(8)) for _ in range(25))

    with pytest.raises(ChoiceFull):
        to_bytes(Choices(saved=saved), day=1, size=300)


_kept = st.builds(
    Kept,
    st.sampled_from(["service", "page"]),
    st.integers(0, 10**7).map(str),
    st.one_of(st.none(), st.integers(0, 10**8)),
)


@given(
    situations=st.lists(
        st.builds(
            Chosen, st.integers(0, 10**7), st.one_of(st.none(), st.integers(0, 10**8))
        ),
        max_size=20,
    ),
    saved=st.lists(_kept, max_size=10),
    day=st.integers(0, 10**6),
)
def test_what_is_written_is_what_is_read(situations, saved, day):
    choices = Choices(situations=tuple(situations), saved=tuple(saved))

    read, read_day = from_bytes(to_bytes(choices, day=day, size=2000))

    assert read_day == day
    assert read.situations == choices.situations
    assert set(read.saved) == set(choices.saved)
