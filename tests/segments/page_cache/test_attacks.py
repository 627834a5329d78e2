"""Tricks to make the page cache give somebody what was made for somebody else."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from conftest import VisitorClient
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
)
from django.http import FileResponse, HttpResponse, JsonResponse
from django.template import engines
from django.test import AsyncClient, RequestFactory
from django.utils import timezone
from factories import (
    make_block,
    make_editor,
    make_home,
    make_notice,
    make_page,
    make_situation,
    make_unit,
)
from testapp.models import ArticlePage, PlainPage
from wagtail import hooks
from wagtail.models import Locale, Page, Site
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import DayRule

from wagtail_medborgare.services.models import Unit

pytestmark = pytest.mark.django_db

TEXT = [{"type": "text", "value": "Hej"}]
EVIL = "attacker"


@pytest.fixture
def home() -> Any:
    return make_home(body=TEXT)


def serving(make: Callable[[Any], Any]) -> Any:
    """Answer for every page with what this view returns."""

    def around(serve: Any) -> Any:
        def inner(page: Any, request: Any, args: Any, kwargs: Any) -> Any:
            return make(request)

        return inner

    return hooks.register_temporarily("on_serve_page", around, order=3000)


def showing(read: Callable[[Any], Any]) -> Any:
    """Answer for every page with what this reads of the request, as a text."""
    return serving(lambda request: HttpResponse(str(read(request))))


def template(source: str) -> Callable[[Any], Any]:
    """Answer for every page with a template of the site's own."""
    compiled = engines["django"].from_string(source)
    return lambda request: HttpResponse(compiled.render({}, request))


# What a page can be made to say of a request


@pytest.mark.parametrize(
    "sent",
    [
        {"HTTP_HOST": "evil.test"},
        {"HTTP_HOST": "testserver:8443"},
        {"HTTP_HOST": "TESTSERVER."},
        {"HTTP_X_FORWARDED_HOST": "evil.test"},
        {"HTTP_X_FORWARDED_PROTO": "ftp"},
        {"secure": False},
    ],
)
def test_no_address_of_another_is_shown(visitor, other_visitor, home, sent, settings):
    settings.USE_X_FORWARDED_HOST = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    plain = {"HTTP_HOST": "testserver", "HTTP_X_FORWARDED_PROTO": "https"}

    with showing(lambda request: request.build_absolute_uri()):
        visitor.get("/", **{**plain, **sent})
        text = other_visitor.get("/", **plain).text

    assert text == "https://testserver/"


def test_two_sites_on_two_ports_share_nothing(visitor, home):
    other = make_page(home, PlainPage, title="Intern", slug="intern")
    Site.objects.create(hostname="testserver", port=8443, root_page=other)

    texts = [
        visitor.get("/", HTTP_HOST="testserver", SERVER_PORT=port).text
        for port in ("443", "8443") * 2
    ]

    assert ["Intern" in text for text in texts] == [False, True] * 2


@pytest.mark.parametrize(
    "path",
    ["//", "/;a", "/.", "/%2f", "/vanlig;a/", "/vanlig//", "/vanlig/%00", "/VANLIG/"],
)
def test_a_strange_path_changes_no_other(visitor, other_visitor, home, path):
    make_page(home, PlainPage, slug="vanlig", body=TEXT)
    with showing(lambda request: request.get_full_path()):
        visitor.get(path)
        texts = [other_visitor.get(clean).text for clean in ("/", "/vanlig/")]

    assert texts == ["/", "/vanlig/"]


@pytest.mark.parametrize(
    "query",
    [
        "p=1&p=2",
        "p=2&p=1",
        "p%00=1",
        "%70=2",
        "p=1;p=2",
        "p=1%26p%3D2",
        "P=2",
        "p=2#x",
        "p=%FF",
        "p=1&UTM_SOURCE=x",
        "p=1&%75tm_source=x",
        "p=1&utm_source=x&p=2",
        "p=+1",
        "p[]=2",
        "p=1&",
    ],
)
def test_a_page_shows_the_query_it_was_asked_with(visitor, home, query):
    queries = ("p=1", query, "p=1", query)
    with showing(lambda request: json.dumps(dict(request.GET.lists()))):
        cached = [visitor.get(f"/?{item}").text for item in queries]
        cache.clear()
        fresh = []
        for item in queries:
            fresh.append(visitor.get(f"/?{item}").text)
            cache.clear()

    assert cached == fresh


def test_a_raw_letter_in_a_query_survives_a_tracking_parameter(visitor, home):
    raw = "q=påsk&utm_source=x".encode().decode("latin-1")

    with showing(lambda request: request.GET["q"]):
        assert visitor.get("/", QUERY_STRING=raw).text == "påsk"


def test_a_filter_by_key_is_no_tracking(visitor, home):
    first, second = make_editor("maja"), make_editor("olle")
    visitor.force_login(first)

    text = visitor.get(f"/django-admin/auth/user/?pk__in={second.pk}").text

    assert "olle" in text
    assert f'name="_selected_action" value="{first.pk}"' not in text


@pytest.mark.parametrize(
    "sent",
    [
        {"HTTP_ACCEPT_LANGUAGE": "zz-" * 200},
        {"HTTP_ACCEPT_LANGUAGE": "\x00,*;q=x"},
        {"HTTP_COOKIE": "django_language=../../etc"},
        {"HTTP_COOKIE": "x" * 100_000},
        {"HTTP_COOKIE": "sessionid"},
    ],
)
def test_rubbish_in_a_header_changes_nothing_for_others(
    visitor, other_visitor, home, sent
):
    expected = other_visitor.get("/").content
    cache.clear()

    visitor.get("/", **sent)

    assert other_visitor.get("/").content == expected


def test_a_site_may_have_its_own_language_middleware(visitor, home, settings):
    settings.MIDDLEWARE = [
        item.replace(
            "django.middleware.locale.LocaleMiddleware",
            f"{own_locale_middleware.__module__}.own_locale_middleware",
        )
        for item in settings.MIDDLEWARE
    ]
    with showing(lambda request: request.LANGUAGE_CODE):
        texts = [
            visitor.get("/", headers={"Accept-Language": code}).text
            for code in ("fi", "sv") * 2
        ]

    assert texts == ["fi", "sv"] * 2


def own_locale_middleware(get_response: Any) -> Any:
    from django.middleware.locale import LocaleMiddleware

    return LocaleMiddleware(get_response)


# Secrets of one visitor


@pytest.mark.parametrize(
    "read",
    [
        lambda request: request.COOKIES,
        lambda request: repr(request.COOKIES),
        lambda request: dict(request.COOKIES),
        lambda request: {**request.COOKIES},
        lambda request: request.COOKIES | {},
        lambda request: json.dumps(request.COOKIES),
        lambda request: request.COOKIES.setdefault("theme", "none"),
        lambda request: request.COOKIES.pop("theme", "none"),
        lambda request: request.COOKIES == {"theme": EVIL},
        lambda request: request.get_signed_cookie("theme", EVIL, salt="x"),
        lambda request: request.META["HTTP_COOKIE"],
        lambda request: request.META.get("HTTP_COOKIE"),
        lambda request: sorted(map(str, request.META.items())),
        lambda request: request.environ.get("HTTP_COOKIE"),
        lambda request: request.headers["Cookie"],
        lambda request: request.headers.get("Cookie"),
    ],
)
def test_a_page_that_reads_cookies_in_any_way_is_not_stored(
    visitor, home, renderings, read
):
    visitor.cookies["theme"] = EVIL

    with showing(read):
        assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


@pytest.mark.parametrize(
    "source",
    [
        "{% csrf_token %}",
        "{{ csrf_token }}",
        "{{ request.COOKIES.csrftoken }}",
        "{{ request.META.CSRF_COOKIE }}",
        "{{ request.COOKIES }}",
    ],
)
@pytest.mark.parametrize("uses_sessions", [False, True])
def test_no_token_reaches_another(
    visitor, other_visitor, home, settings, source, uses_sessions
):
    settings.CSRF_USE_SESSIONS = uses_sessions
    visitor.cookies["csrftoken"] = secret = "a1b2c3d4" * 4

    with serving(template("[" + source + "]")):
        mine = visitor.get("/").text
        others = [other_visitor.get("/").text, visitor.get("/").text]

    assert secret not in others[0]
    assert mine == "[]" or mine not in others or source.startswith("{{ request")


def test_whoever_a_header_names_is_not_shown_to_others(visitor, other_visitor, home):
    user = make_editor("maja")

    def log_in(page: Any, request: Any, args: Any, kwargs: Any) -> None:
        # A gateway that has checked who somebody is, and a middleware that believes it.
        if request.META.get("HTTP_X_SSO_USER"):
            request.user = get_user_model().objects.get(pk=user.pk)

    with (
        hooks.register_temporarily("before_serve_page", log_in, order=-2000),
        serving(template("{{ request.user.get_username }}")),
    ):
        assert visitor.get("/", HTTP_X_SSO_USER="maja").text == "maja"
        assert other_visitor.get("/").text == ""


def test_a_page_for_some_networks_is_not_shown_to_others(visitor, home):
    def refuse(page: Any, request: Any, args: Any, kwargs: Any) -> Any:
        if not request.META["REMOTE_ADDR"].startswith("10."):
            return HttpResponse("Refused", status=403)
        return None

    with hooks.register_temporarily("before_serve_page", refuse):
        assert visitor.get("/", REMOTE_ADDR="10.0.0.1").status_code == 200
        assert visitor.get("/", REMOTE_ADDR="8.8.8.8").status_code == 403


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("HTTP_HX_REQUEST", lambda request: request.headers.get("HX-Request")),
        ("HTTP_X_REQUESTED_WITH", lambda r: r.META.get("HTTP_X_REQUESTED_WITH")),
        ("HTTP_USER_AGENT", lambda request: request.META["HTTP_USER_AGENT"]),
        ("REMOTE_ADDR", lambda request: request.META["REMOTE_ADDR"]),
        ("HTTP_REFERER", lambda request: request.META.get("HTTP_REFERER", "")),
    ],
)
def test_a_header_that_a_page_reads_is_not_that_of_another(
    visitor, other_visitor, home, name, read
):
    with showing(read):
        assert visitor.get("/", **{name: EVIL}).text == EVIL
        assert other_visitor.get("/", **{name: "other"}).text == "other"


def test_a_session_that_begins_with_the_page_is_not_shared(
    visitor, other_visitor, home
):
    def view(request: Any) -> Any:
        request.session["seen"] = request.session.get("seen", 0) + 1
        return HttpResponse(str(request.session["seen"]))

    with serving(view):
        texts = [item.get("/").text for item in (visitor, visitor, other_visitor)]

    assert texts == ["1", "2", "1"]
    assert (
        visitor.cookies["sessionid"].value != other_visitor.cookies["sessionid"].value
    )


def test_a_message_for_one_visitor_is_not_for_others(visitor, other_visitor, home):
    def view(request: Any) -> Any:
        messages.info(request, "Till dig")
        return HttpResponse("x")

    with serving(view):
        visitor.get("/")
    text = other_visitor.get("/").text

    assert "messages" in visitor.cookies
    assert "Till dig" not in text
    assert "messages" not in other_visitor.cookies


def test_an_error_in_the_middle_of_a_page_leaves_no_watch(home):
    client = VisitorClient(raise_request_exception=False)
    with serving(lambda request: 1 / 0):
        assert client.get("/").status_code == 500

    assert not connection.execute_wrappers
    assert "Hej" in client.get("/").text
    assert "Hej" in client.get("/").text


def test_an_attack_with_head_stores_nothing_for_others(visitor, other_visitor, home):
    with showing(lambda request: request.method):
        visitor.head("/", secure=True)
        assert other_visitor.get("/").text == "GET"
        visitor.head("/", secure=True)
        assert other_visitor.get("/").text == "GET"


# Time passes while a page is made


def passing(clock: Any, seconds: float) -> Any:
    """Let so much time pass after a page has been made."""

    def around(serve: Any) -> Any:
        def inner(page: Any, request: Any, args: Any, kwargs: Any) -> Any:
            response = serve(page, request, args, kwargs)
            response.render()
            clock.shift(seconds)
            return response

        return inner

    return hooks.register_temporarily("on_serve_page", around, order=3000)


def test_a_sensitive_choice_that_ends_while_a_page_is_made_is_not_stored(
    visitor, other_visitor, time_machine
):
    violence = make_situation("Våld", is_sensitive=True)
    make_home(body=[make_notice("Skydd", violence)])
    time_machine.move_to("2026-11-22T10:00:00+00:00", tick=False)
    visitor.choose(violence)
    time_machine.move_to("2026-11-22T10:59:59+00:00", tick=False)

    with passing(time_machine, 2):
        assert "Skydd" in visitor.get("/").text

    assert "Skydd" not in other_visitor.get("/").text


def test_a_choice_that_ends_while_a_page_is_made_is_not_stored_for_others(
    visitor, other_visitor, time_machine
):
    child = make_situation("Barn")
    make_home(body=[make_notice("Förskola", child)])
    time_machine.move_to("2026-11-22T10:00:00+00:00", tick=False)
    visitor.choose(child)
    time_machine.move_to("2026-11-23T23:59:59+00:00", tick=False)

    with passing(time_machine, 2):
        assert "Förskola" in visitor.get("/").text

    assert "Förskola" not in other_visitor.get("/").text


@pytest.mark.parametrize("also_chooser", [False, True])
def test_what_was_made_before_midnight_is_not_shown_after_it(
    visitor, time_machine, also_chooser
):
    segment = Segment.objects.create(name="S", status="enabled")
    DayRule.objects.create(segment=segment, sun=True)
    chooser = make_block("chooser", heading="Vad händer?", intro="", first=6)
    make_home(
        body=[
            make_notice("Söndagsöppet", segments=[segment]),
            *([chooser] if also_chooser else []),
        ]
    )
    time_machine.move_to("2026-11-22T22:59:59+00:00", tick=False)  # A Sunday.

    with passing(time_machine, 2):
        assert "Söndagsöppet" in visitor.get("/").text

    assert "Söndagsöppet" not in visitor.get("/").text


def test_a_short_day_ends_at_midnight_too(visitor, home, renderings, memory, settings):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_SECONDS = 48 * 3600
    import time_machine as machine

    # The night when an hour is left out.
    with machine.travel("2026-03-28T23:30:00+00:00", tick=False) as clock:
        visitor.get("/")
        clock.move_to("2026-03-29T21:59:00+00:00")
        assert renderings.of(visitor, "/") == 0
        clock.move_to("2026-03-29T22:01:00+00:00")
        assert renderings.of(visitor, "/") == 1


def test_a_visitor_in_another_time_zone_moves_nobodys_midnight(
    visitor, home, renderings, time_machine
):
    time_machine.move_to("2026-11-22T09:59:50+00:00", tick=False)
    with timezone.override("Pacific/Kiritimati"):
        visitor.get("/")
    time_machine.shift(20)

    assert renderings.of(visitor, "/") == 0


def test_a_site_without_time_zones_works(visitor, home, settings):
    settings.USE_TZ = False

    assert [visitor.get("/").status_code for _ in range(2)] == [200, 200]


# What a page is made from


@pytest.fixture
def article(home: Any) -> Any:
    return make_page(home, ArticlePage, title="Före", slug="artikel")


QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "union": lambda page: list(
        Page.objects.order_by()
        .filter(pk=page.pk)
        .values_list("title")
        .union(Page.objects.order_by().filter(pk=0).values_list("title"))
    ),
    "intersection": lambda page: list(
        Page.objects.order_by()
        .values_list("title")
        .intersection(Page.objects.order_by().filter(depth=3).values_list("title"))
    ),
    "aggregate": lambda page: Page.objects.aggregate(
        n=Count("pk", filter=Q(title="Efter")), me=Count("pk", filter=Q(pk=1))
    ),
    "annotation": lambda page: list(
        Page.objects.annotate(me=Q(live=True, pk=1)).values_list("title", "me")
    ),
    "order": lambda page: list(
        Page.objects.order_by(
            ExpressionWrapper(Q(live=True, pk=1), BooleanField()), "pk"
        ).values_list("title", flat=True)
    ),
    "depth": lambda page: list(
        Page.objects.annotate(top=Q(depth=2))
        .filter(path__startswith=page.path[:4])
        .values_list("title", "top")
    ),
    "exists": lambda page: list(
        Unit.objects.annotate(
            has=Exists(Page.objects.filter(title="Efter", depth__gt=OuterRef("pk") * 0))
        ).values_list("has")
    ),
    "extra": lambda page: list(
        Unit.objects.filter(pk=Unit.objects.first().pk)
        .extra(
            select={
                "t": "select max(title) from wagtailcore_page where slug = 'artikel'"
            }
        )
        .values_list("t")
    ),
    "extra condition": lambda page: list(
        Unit.objects.filter(pk=Unit.objects.first().pk)
        .extra(where=["exists (select 1 from wagtailcore_page where title = 'Efter')"])
        .values_list("name")
    ),
    "percent": lambda page: list(
        Page.objects.extra(select={"odd": "title LIKE 'x%%s'"})
        .filter(pk=page.pk)
        .values_list("title", "odd")
    ),
    "in_bulk": lambda page: [
        str(item) for item in Page.objects.in_bulk([page.pk]).values()
    ],
    "iterator": lambda page: [
        item.title for item in ArticlePage.objects.iterator(chunk_size=5)
    ],
    "raw": lambda page: [
        item.title
        for item in Page.objects.raw("select * from wagtailcore_page order by id")
    ],
    "raw with names": lambda page: [
        item.title
        for item in Page.objects.raw(
            "SELECT * FROM wagtailcore_page WHERE id = %(pk)s", {"pk": page.pk}
        )
    ],
    "comment": lambda page: by_cursor(
        "/* menu */ SELECT title FROM wagtailcore_page ORDER BY id"
    ),
    "line comment": lambda page: by_cursor(
        "-- menu\nSELECT title FROM wagtailcore_page ORDER BY id"
    ),
    "with": lambda page: by_cursor(
        "WITH x AS (SELECT * FROM wagtailcore_page) SELECT title FROM x ORDER BY id"
    ),
    "values": lambda page: by_cursor(
        "VALUES ((SELECT title FROM wagtailcore_page WHERE slug = 'artikel'))"
    ),
    "start page": lambda page: (
        Site.objects.select_related("root_page").get().root_page.title
    ),
    "prefetch": lambda page: [
        [str(child) for child in item.sites_rooted_here.all()] + [item.title]
        for item in Page.objects.prefetch_related("sites_rooted_here")
    ],
    "owner": lambda page: str(Page.objects.select_related("owner").get(pk=page.pk)),
    "parent": lambda page: str(Page.objects.get(pk=page.pk).get_parent()),
}


def by_cursor(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.parametrize("name", QUESTIONS)
def test_whatever_way_a_page_reads_it_is_never_out_of_date(
    visitor, home, article, name
):
    make_unit("Skolan")
    make_page(home, PlainPage, slug="lista")
    ask = QUESTIONS[name]

    with showing(lambda request: ask(article)):
        before = visitor.get("/lista/").text
        for page in Page.objects.filter(pk__in=[article.pk, home.pk]):
            page.title = "Efter"
            page.save()
        after = visitor.get("/lista/").text
        cache.clear()
        fresh = visitor.get("/lista/").text

    assert before != fresh
    assert after == fresh


def test_the_name_of_the_start_page_is_shown_on_all_pages_as_it_is(
    visitor, home, article
):
    with showing(lambda request: Site.find_for_request(request).root_page.title):
        visitor.get("/artikel/")
        page = Page.objects.get(pk=home.pk)
        page.title = "Ny start"
        page.save()

        assert visitor.get("/artikel/").text == "Ny start"


def test_another_address_of_a_section_given_by_a_script_moves_its_pages(
    visitor, home, article
):
    make_page(article, PlainPage, slug="under", body=TEXT)
    visitor.get("/artikel/under/")
    page = ArticlePage.objects.get(pk=article.pk)
    page.slug = "ny"

    page.save(update_fields=["slug", "url_path"])

    assert visitor.get("/artikel/under/").status_code == 404


def test_what_a_relation_is_changed_to_is_seen(visitor, home):
    from django.contrib.auth.models import Group

    user, group = make_editor("maja"), Group.objects.create(name="Redaktion")
    with showing(lambda request: [str(item) for item in user.groups.all()]):
        assert "Redaktion" not in visitor.get("/").text
        user.groups.add(group)
        assert "Redaktion" in visitor.get("/").text
        group.user_set.clear()
        assert "Redaktion" not in visitor.get("/").text


# Other kinds of pages and of answers


@pytest.mark.parametrize(
    "make",
    [
        lambda request: JsonResponse({"me": len(request.visitor.situations)}),
        lambda request: HttpResponse(
            str(len(request.visitor.situations)), content_type="text/plain"
        ),
        lambda request: FileResponse(
            [str(len(request.visitor.situations)).encode()], content_type="text/plain"
        ),
    ],
)
def test_any_kind_of_answer_is_for_those_it_was_made_for(
    visitor, other_visitor, home, make
):
    visitor.choose(make_situation("Barn"))

    with serving(make):
        answers = [item.get("/") for item in (visitor, other_visitor) * 2]
        texts = [answer.getvalue().decode() for answer in answers]

    assert texts[0] == texts[2] != texts[1] == texts[3]
    assert all(answer["Cache-Control"] == "private, no-store" for answer in answers)
    assert len({answer["Content-Type"] for answer in answers}) == 1


def test_a_form_on_a_page_answers_the_one_who_sent_it(visitor, other_visitor, home):
    def view(request: Any) -> Any:
        return HttpResponse(request.POST.get("name", "") or "empty")

    with serving(view):
        visitor.get("/")
        sender = VisitorClient()
        assert sender.post("/", {"name": EVIL}, secure=True).text == EVIL
        assert other_visitor.get("/").text == "empty"


def test_a_preview_made_while_a_page_is_made_harms_neither(visitor, home):
    draft = Page.objects.get(pk=home.pk).specific

    def view(request: Any) -> Any:
        if getattr(request, "is_dummy", False):
            return HttpResponse("Utkast")
        inner = RequestFactory().get("/", secure=True)
        draft.make_preview_request(inner, preview_mode="")
        return HttpResponse(f"{len(request.visitor.situations)} chosen")

    other = VisitorClient()
    other.choose(make_situation("Barn"))
    with serving(view):
        texts = [item.get("/").text for item in (visitor, other) * 2]

    assert texts == ["0 chosen", "1 chosen"] * 2


def test_a_page_of_a_site_with_an_asynchronous_server_is_kept_for_those_it_fits(
    visitor, renderings
):
    child = make_situation("Barn")
    make_home(body=[make_notice("Förskola", child)])
    visitor.choose(child)
    parent, nobody = AsyncClient(), AsyncClient()
    parent.cookies = visitor.cookies

    async def ask() -> list[str]:
        answers = [
            await item.get("/", secure=True)
            for item in (parent, nobody, parent, nobody)
        ]
        return [answer.text for answer in answers]

    texts = async_to_sync(ask)()

    assert ["Förskola" in text for text in texts] == [True, False] * 2
    assert len(renderings) == 2


def test_translations_of_a_page_share_nothing(visitor, home):
    english, _ = Locale.objects.get_or_create(language_code="en")
    home.copy_for_translation(english).save_revision().publish()
    texts = [visitor.get(path).text for path in ("/", "/start-en/") * 2]

    assert texts[:2] == texts[2:]


def test_an_alias_shows_what_its_source_shows(visitor, home, article):
    alias = article.create_alias(update_slug="alias")
    visitor.get("/alias/")

    page = ArticlePage.objects.get(pk=article.pk)
    page.title = "Efter"
    page.save_revision().publish()

    assert alias.pk != article.pk
    assert "Efter" in visitor.get("/alias/").text


# Many at once


def in_threads(*jobs: Callable[[], Any]) -> list[BaseException]:
    errors: list[BaseException] = []

    def run(job: Callable[[], Any]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001  (shown by the test)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def test_visitors_in_many_threads_see_their_own_while_an_editor_works(root, settings):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_BODIES = 3
    settings.WAGTAIL_MEDBORGARE_SNAPSHOT_SECONDS = 0.0
    chosen = [make_situation(f"S{number}") for number in range(4)]
    home = make_home(body=[make_notice(f"[{item.pk}]", item) for item in chosen])
    stop = threading.Event()

    def visit(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(12):
                client, mine = (
                    VisitorClient(),
                    chance.sample(chosen, chance.randint(0, 3)),
                )
                if mine:
                    client.choose(*mine)
                for _ in range(4):
                    text = client.get("/").text
                    shown = {item.pk for item in chosen if f"[{item.pk}]" in text}
                    assert shown == {item.pk for item in mine}
        finally:
            stop.set()

    def edit() -> None:
        number = 0
        while not stop.wait(0.05):
            number += 1
            page = type(home).objects.get(pk=home.pk)
            page.title = f"T{number}"
            page.save_revision().publish()
            assert f"T{number}" in VisitorClient().get("/").text

    assert in_threads(edit, *(lambda seed=seed: visit(seed) for seed in range(8))) == []


def test_a_long_transaction_elsewhere_is_seen_when_it_has_ended(root):
    home = make_home(body=TEXT)
    changed, may_commit = threading.Event(), threading.Event()

    def edit() -> None:
        with transaction.atomic():
            page = type(home).objects.get(pk=home.pk)
            page.title = "Efter"
            page.save()
            changed.set()
            assert may_commit.wait(20)

    def read() -> None:
        try:
            assert changed.wait(20)
            assert "Efter" not in VisitorClient().get("/").text
            assert "Efter" not in VisitorClient().get("/").text
        finally:
            may_commit.set()

    assert in_threads(edit, read) == []
    assert "Efter" in VisitorClient().get("/").text


def test_what_is_rolled_back_is_seen_by_nobody(root):
    home = make_home(body=TEXT)

    with transaction.atomic():
        home.title = "Aldrig"
        home.save()
        assert "Aldrig" in VisitorClient().get("/").text
        transaction.set_rollback(True)

    assert "Aldrig" not in VisitorClient().get("/").text
