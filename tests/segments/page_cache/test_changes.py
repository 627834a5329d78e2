"""What an editor changes is seen at once; what is not touched stays in the cache."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine as machine
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from factories import (
    make_block,
    make_catalogue,
    make_editor,
    make_home,
    make_my_services,
    make_notice,
    make_page,
    make_service,
    make_situation,
    make_unit,
)
from testapp.models import ArticlePage, HomePage, PlainPage, ShowingPage
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import QueryRule

from wagtail_medborgare.core.models import Stamp
from wagtail_medborgare.core.stamps import stamps
from wagtail_medborgare.segments.page_cache.changes import forget_pages, forget_table
from wagtail_medborgare.services.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def _root_page(transactional_db: None) -> None:
    """A flushed database has no root of the page tree."""
    if not Page.objects.exists():
        Locale.objects.get_or_create(language_code="sv")
        Page.add_root(title="Root", slug="root")


def text(value: str) -> list[dict[str, str]]:
    return [{"type": "text", "value": value}]


@pytest.fixture
def home() -> Any:
    return make_home(body=text("Hej"))


@pytest.fixture
def page(home: Any) -> Any:
    """A page that shows nothing but itself."""
    return make_page(home, PlainPage, slug="vanlig", body=text("Vanlig"))


@pytest.fixture
def other(home: Any) -> Any:
    return make_page(home, PlainPage, slug="annan", body=text("Annan"))


def publish(page: Page, **fields: Any) -> None:
    page = page.specific_class.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_publishing_shows_the_new_page_and_touches_no_other(
    visitor, page, other, renderings
):
    visitor.get("/vanlig/")
    visitor.get("/annan/")

    publish(page, body=[("text", "Ny")])

    assert "Ny" in visitor.get("/vanlig/").text
    assert renderings.of(visitor, "/annan/") == 0


def test_a_draft_touches_nothing(visitor, page, renderings):
    visitor.get("/vanlig/")
    page.title = "Utkast"

    page.save_revision()

    assert renderings.of(visitor, "/vanlig/") == 0


def test_unpublishing_hides_a_page(visitor, page):
    visitor.get("/vanlig/")

    page.unpublish()

    assert visitor.get("/vanlig/").status_code == 404


def test_deleting_hides_a_page(visitor, page):
    visitor.get("/vanlig/")

    page.delete()

    assert visitor.get("/vanlig/").status_code == 404


def test_moving_a_section_moves_every_page_in_it(visitor, home, page, other):
    below = make_page(page, PlainPage, slug="under", body=text("Under"))
    visitor.get("/vanlig/under/")

    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=other.pk), pos="last-child")

    assert visitor.get("/vanlig/under/").status_code == 404
    assert "Under" in visitor.get("/annan/vanlig/under/").text
    assert below.pk


def test_a_very_large_section_is_dropped_as_a_whole(visitor, page, monkeypatch):
    monkeypatch.setattr("wagtail_medborgare.segments.page_cache.changes.MOST_ROWS", 1)
    make_page(page, PlainPage, slug="under")
    visitor.get("/vanlig/under/")

    publish(page, slug="ny")

    assert visitor.get("/vanlig/under/").status_code == 404


def test_a_new_address_of_a_section_is_one_for_every_page_in_it(visitor, page):
    make_page(page, PlainPage, slug="under", body=text("Under"))
    visitor.get("/vanlig/under/")

    publish(page, slug="ny")

    assert visitor.get("/vanlig/under/").status_code == 404
    assert "Under" in visitor.get("/ny/under/").text


@pytest.mark.parametrize("kind", ["password", "login", "groups"])
def test_a_page_made_private_is_gone_at_once(visitor, page, kind):
    make_page(page, PlainPage, slug="under", body=text("Under"))
    visitor.get("/vanlig/")
    visitor.get("/vanlig/under/")

    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type=kind, password="hemligt"
    )
    if kind == "groups":
        restriction.groups.add(Group.objects.first())

    assert "Vanlig" not in visitor.get("/vanlig/").text
    assert "Under" not in visitor.get("/vanlig/under/").text


def test_a_page_made_private_in_the_admin_is_gone_before_the_answer(
    client, visitor, page
):
    visitor.get("/vanlig/")
    client.force_login(make_editor())

    client.post(
        f"/admin/pages/{page.pk}/privacy/",
        {"restriction_type": "login", "password": "", "groups": []},
    )

    assert PageViewRestriction.objects.exists()
    assert "Vanlig" not in visitor.get("/vanlig/").text


def test_a_page_made_public_is_there_again(visitor, page):
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type="login"
    )
    visitor.get("/vanlig/")

    restriction.delete()

    assert "Vanlig" in visitor.get("/vanlig/").text


def test_a_page_that_lists_others_follows_them(visitor, home, page, renderings):
    make_page(home, ShowingPage, slug="lista", lists_siblings=True)
    assert "Ny rubrik" not in visitor.get("/lista/").text

    publish(page, title="Ny rubrik")
    assert "Ny rubrik" in visitor.get("/lista/").text

    make_page(home, PlainPage, title="Helt ny")
    assert "Helt ny" in visitor.get("/lista/").text


def test_a_page_that_links_to_another_follows_that_one(
    visitor, home, page, other, renderings
):
    make_page(home, ShowingPage, slug="lank", linked=page)
    visitor.get("/lank/")

    publish(other, title="Ny annan")
    assert renderings.of(visitor, "/lank/") == 0

    publish(page, title="Ny rubrik")
    assert "Ny rubrik" in visitor.get("/lank/").text


def make_image(title: str) -> Image:
    return Image.objects.create(
        title=title, file=get_test_image_file(filename=f"{title}.png")
    )


# Wagtail leaves the file of a new rendition to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_page_with_an_image_follows_that_image(
    visitor, home, renderings, settings, tmp_path
):
    settings.MEDIA_ROOT = str(tmp_path)
    image, unrelated = make_image("bild"), make_image("annan")
    make_page(home, ShowingPage, slug="bild", image=image)
    # The first view makes the rendition.
    visitor.get("/bild/")
    assert renderings.of(visitor, "/bild/") == 0

    unrelated.title = "Ny annan"
    unrelated.save()
    assert renderings.of(visitor, "/bild/") == 0

    image.title = "Ny bild"
    image.save()
    assert "Ny bild" in visitor.get("/bild/").text


def test_a_page_with_a_snippet_follows_that_snippet(visitor, home, renderings):
    unit, unrelated = make_unit("Förskolan"), make_unit("Skolan")
    make_page(home, ShowingPage, slug="enhet", unit=unit)
    visitor.get("/enhet/")

    unrelated.name = "Skola"
    unrelated.save()
    assert renderings.of(visitor, "/enhet/") == 0

    unit.name = "Nya förskolan"
    unit.save()
    assert "Nya förskolan" in visitor.get("/enhet/").text


def test_a_page_with_a_document_follows_it(visitor, home, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    document = Document.objects.create(title="Plan", file=ContentFile(b"x", "plan.txt"))
    make_page(
        home,
        ArticlePage,
        slug="text",
        text=f'<p><a linktype="document" id="{document.pk}">Plan</a></p>',
    )
    visitor.get("/text/")

    document.file.save("ny-plan.txt", ContentFile(b"y"))

    assert "ny-plan" in visitor.get("/text/").text


def test_what_an_update_changes_without_a_signal_can_be_told(visitor, home):
    unit = make_unit("Förskolan")
    make_page(home, ShowingPage, slug="enhet", unit=unit)
    visitor.get("/enhet/")

    Unit.objects.filter(pk=unit.pk).update(name="Nya förskolan")
    forget_table(Unit)

    assert "Nya förskolan" in visitor.get("/enhet/").text


def test_site_settings_are_followed(visitor, home):
    from testapp.models import SiteText

    make_page(home, ShowingPage, slug="text", shows_setting=True)
    site = Site.objects.get()
    visitor.get("/text/")

    SiteText.objects.update_or_create(site=site, defaults={"text": "Stängt i jul"})

    assert "Stängt i jul" in visitor.get("/text/").text


def test_a_situation_is_followed_where_it_is_shown(visitor, home, other, renderings):
    child = make_situation("Barn")
    home.body = home.body.stream_block.to_python(
        [make_block("chooser", heading="Vad händer?", intro="", first=6)]
    )
    home.save()
    visitor.get("/")
    visitor.get("/annan/")

    child.name = "Vänta barn"
    child.save()

    assert "Vänta barn" in visitor.get("/").text
    assert renderings.of(visitor, "/annan/") == 0


def test_a_situation_flagged_as_sensitive_is_so_at_once(visitor, renderings):
    child = make_situation("Barn")
    make_home(body=[make_notice("Stöd", child)])
    visitor.choose(child)
    assert "Stöd" in visitor.get("/").text

    child.is_sensitive = True
    child.save()

    # Nobody knows when it was chosen: it is forgotten.
    assert "Stöd" not in visitor.get("/").text
    visitor.choose(child)
    assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


def test_a_service_and_a_tag_are_followed_on_my_services(visitor, home):
    child = make_situation("Barn")
    make_my_services(home)
    make_catalogue(home)
    service = make_service("Förskola", situations=[child])
    visitor.choose(child)
    assert "Förskola" in visitor.get("/mina-tjanster/").text

    service.name = "Förskoleplats"
    service.save()
    assert "Förskoleplats" in visitor.get("/mina-tjanster/").text

    make_service("Barnbidrag", situations=[child])
    assert "Barnbidrag" in visitor.get("/mina-tjanster/").text

    service.delete()
    assert "Förskoleplats" not in visitor.get("/mina-tjanster/").text


def test_a_page_that_is_tagged_is_seen_among_the_pages_for_me(visitor, home):
    child = make_situation("Barn")
    article = make_page(home, ArticlePage, title="Att få barn")
    home.body = home.body.stream_block.to_python(
        [make_block("pages_for_you", heading="Sidor", limit=5)]
    )
    home.save()
    visitor.choose(child)
    assert "Att få barn" not in visitor.get("/").text

    article.life_situations.set([child])
    article.save_revision().publish()

    assert "Att få barn" in visitor.get("/").text


def test_a_segment_and_its_rules_are_followed(visitor):
    segment = Segment.objects.create(name="S", status="enabled")
    rule = QueryRule.objects.create(segment=segment, parameter="p", value="1")
    make_home(body=[make_notice("Träff", segments=[segment])])
    assert "Träff" in visitor.get("/?p=1").text

    rule.value = "2"
    rule.save()
    assert "Träff" not in visitor.get("/?p=1").text
    assert "Träff" in visitor.get("/?p=2").text

    segment.status = "disabled"
    segment.save()
    assert "Träff" not in visitor.get("/?p=2").text


def test_a_rule_with_a_new_parameter_takes_effect_at_once(visitor):
    segment = Segment.objects.create(name="S", status="enabled")
    make_home(body=[make_notice("Träff", segments=[segment])])
    visitor.get("/?ny=1")

    QueryRule.objects.create(segment=segment, parameter="ny", value="1")

    assert "Träff" in visitor.get("/?ny=1").text


def test_another_start_page_is_shown_at_once(visitor, home, page):
    visitor.get("/")
    site = Site.objects.get()
    site.root_page = Page.objects.get(pk=page.pk)

    site.save()

    assert "Vanlig" in visitor.get("/").text


def test_a_new_language_drops_everything(visitor, page, renderings):
    visitor.get("/vanlig/")

    Locale.objects.create(language_code="fi")

    assert renderings.of(visitor, "/vanlig/") == 1


def test_a_redirect_for_a_page_that_is_gone_is_followed(visitor, page, other, settings):
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    ]
    visitor.get("/vanlig/")
    page.delete()
    assert visitor.get("/vanlig/").status_code == 404

    Redirect.objects.create(old_path="/vanlig", redirect_page=other)

    assert visitor.get("/vanlig/").status_code == 301


def test_scheduled_content_appears_when_the_command_has_published_it(visitor, home):
    page = make_page(home, PlainPage, slug="sen", body=text("Nu"), live=False)
    page.go_live_at = timezone.now() + timezone.timedelta(hours=1)
    page.save_revision(approved_go_live_at=page.go_live_at)
    page.save()
    make_page(home, ShowingPage, slug="lista", lists_siblings=True)
    visitor.get("/lista/")

    with machine.travel(timezone.now() + timezone.timedelta(hours=2), tick=False):
        call_command("publish_scheduled")
        assert "Nu" in visitor.get("/sen/").text
        assert page.title in visitor.get("/lista/").text


def test_no_page_outlives_the_day(visitor, page, renderings, memory):
    with machine.travel("2026-06-30T21:59:30+00:00", tick=False) as clock:
        visitor.get("/vanlig/")
        assert renderings.of(visitor, "/vanlig/") == 0
        clock.shift(31)  # Half past midnight, in summer time.
        assert renderings.of(visitor, "/vanlig/") == 1


def test_no_page_is_kept_longer_than_the_setting(
    visitor, page, renderings, memory, settings
):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_SECONDS = 100
    with machine.travel("2026-06-30T09:00:00+00:00", tick=False) as clock:
        visitor.get("/vanlig/")
        clock.shift(99)
        assert renderings.of(visitor, "/vanlig/") == 0
        clock.shift(2)
        assert renderings.of(visitor, "/vanlig/") == 1


def test_everything_can_be_dropped_by_hand(visitor, page, renderings, capsys):
    visitor.get("/vanlig/")
    forget_pages()
    assert renderings.of(visitor, "/vanlig/") == 1

    call_command("medborgare_forget_pages")
    assert renderings.of(visitor, "/vanlig/") == 1
    assert "about a second" in capsys.readouterr().out


def test_a_busy_model_is_not_followed_and_whoever_shows_it_is_not_stored(
    visitor, home, page, renderings, settings
):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_BUSY_MODELS = ("medborgare_services.Unit",)
    from wagtail_medborgare.segments.page_cache.queries import reading_of

    reading_of.cache_clear()
    unit = make_unit("Förskolan")
    make_page(home, ShowingPage, slug="enhet", unit=unit)
    before = Stamp.objects.count()

    unit.save()

    assert Stamp.objects.count() == before
    assert [renderings.of(visitor, "/enhet/") for _ in range(2)] == [1, 1]
    reading_of.cache_clear()


def test_very_many_changed_rows_become_one_stamp(
    home, visitor, renderings, monkeypatch
):
    monkeypatch.setattr("wagtail_medborgare.segments.page_cache.changes.MOST_ROWS", 5)
    units = [make_unit(f"U{number}") for number in range(12)]
    make_page(home, ShowingPage, slug="enhet", unit=units[-1])
    visitor.get("/enhet/")

    for unit in units:
        unit.save()

    assert (
        sum("row:medborgare_services_unit:" in name for name in stamps.versions()) <= 6
    )
    assert renderings.of(visitor, "/enhet/") == 1


@pytest.mark.usefixtures("_root_page")
@pytest.mark.django_db(transaction=True)
def test_a_change_is_written_when_it_has_committed_and_seen_within_before(visitor):
    home = make_home(body=text("Hej"))
    visitor.get("/")
    name = f"row:testapp_homepage:{home.pk}"
    before = Stamp.objects.filter(name=name).values_list("version", flat=True).first()

    with transaction.atomic():
        HomePage.objects.get(pk=home.pk).save()
        inside = (
            Stamp.objects.filter(name=name).values_list("version", flat=True).first()
        )
        seen_inside = stamps.version_of(name)
        with transaction.atomic():
            HomePage.objects.get(pk=home.pk).save()
    after = Stamp.objects.get(name=name).version

    assert inside == before
    assert seen_inside not in {before, after}
    assert after != before


@pytest.mark.usefixtures("_root_page")
@pytest.mark.django_db(transaction=True)
def test_a_change_in_a_savepoint_that_is_rolled_back_hides_no_later_one(visitor):
    home = make_home(body=text("Hej"))
    name = f"row:testapp_homepage:{home.pk}"
    before = stamps.version_of(name)

    with transaction.atomic():
        try:
            with transaction.atomic():
                HomePage.objects.get(pk=home.pk).save()
                raise RuntimeError
        except RuntimeError:
            pass
        HomePage.objects.get(pk=home.pk).save()

    stamps.forget()
    assert stamps.version_of(name) != before


@pytest.mark.usefixtures("_root_page")
@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_drops_nothing(visitor, renderings):
    home = make_home(body=text("Hej"))
    visitor.get("/")

    try:
        with transaction.atomic():
            HomePage.objects.get(pk=home.pk).save()
            raise RuntimeError
    except RuntimeError:
        pass

    assert renderings.of(visitor, "/") == 0
