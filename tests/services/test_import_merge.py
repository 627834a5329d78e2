"""What an editor has changed stays the editor's; the rest follows the feed."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import make_editor, make_service, make_situation
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.log_actions import registry
from wagtail.models import Revision, Task, Workflow, WorkflowTask
from wagtail.signals import published

from wagtail_medborgare.services.importers.base import Feed, FeedService, InvalidFeed
from wagtail_medborgare.services.importing import FeedLostTooMuch, import_feed
from wagtail_medborgare.services.models import Service
from wagtail_medborgare.services.models.services import RICH_TEXT

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def item(key="1", **fields):
    channel = {
        f"e_service.{name}": fields.pop(name, default)
        for name, default in (
            ("url", f"https://e.example.se/{key}"),
            ("requires_login", False),
            ("requires_signing", False),
        )
    }
    wording = {
        "name": f"Tjänst {key}",
        "summary": "Kort",
        "description": "<p>Lång <b>text</b><br/>här</p>",
        "category": "Bygga",
    }
    return FeedService(key=key, fields={**wording, **fields, **channel})


def run(*items, source="e.example.se", known=(), **options):
    feed = Feed(source=source, services=items, known_keys=frozenset(known))
    return import_feed(feed, **options)


def one():
    return Service.objects.get(source_key="1")


def publish(service):
    service.save_revision().publish()


def outcome(summary):
    names = ("created", "changed", "kept", "unchanged", "removed")
    return {
        name: len(getattr(summary, name)) for name in names if getattr(summary, name)
    }


def actions(service):
    return [entry.action for entry in registry.get_logs_for_instance(service)]


def test_new_service_is_published_with_a_revision_a_history_and_a_place_in_search():
    sent = []

    def listen(instance, **kwargs):
        sent.append(instance.name)

    published.connect(listen, sender=Service)
    summary = run(item(name="Bygglov för altan"))
    published.disconnect(listen, sender=Service)

    service = one()
    assert outcome(summary) == {"created": 1}
    assert service.live
    assert not service.has_unpublished_changes
    assert service.first_published_at
    assert service.live_revision == service.latest_revision
    assert service.latest_revision.as_object().name == "Bygglov för altan"
    assert service.slug == "bygglov-for-altan"
    assert sorted(actions(service)) == ["wagtail.create", "wagtail.publish"]
    assert list(Service.objects.search("altan")) == [service]
    assert sent == ["Bygglov för altan"]


def test_new_services_as_drafts_are_not_shown():
    run(item(), as_drafts=True)

    assert not one().live
    assert one().has_unpublished_changes
    assert actions(one()) == ["wagtail.create"]
    one().latest_revision.publish()
    assert one().live
    assert one().channels.get().is_from_feed
    assert outcome(run(item())) == {"unchanged": 1}


def test_services_of_one_name_get_addresses_of_their_own():
    make_service("Bygglov")

    run(item("1", name="Bygglov"), item("2", name="Bygglov"), item("3", name="طلب"))

    slugs = Service.objects.exclude(source="").order_by("source_key")
    assert list(slugs.values_list("slug", flat=True)) == [
        "bygglov-2", "bygglov-3", "tjanst",
    ]  # fmt: skip


def test_second_run_writes_nothing_and_asks_little_whatever_the_size():
    counts = []
    for size in (5, 50):
        items = [item(str(number)) for number in range(size)]
        run(*items)
        with CaptureQueriesContext(connection) as queries:
            summary = run(*items)
        counts.append(len(queries))
        assert outcome(summary) == {"unchanged": size}
        assert not [q for q in queries if q["sql"].startswith(WRITES)]

    assert counts[0] == counts[1] <= 5


def test_new_wording_is_published_at_once_and_found_by_search():
    run(item())

    summary = run(item(description="<p>Om växthus</p>", name="Nytt namn"))

    service = one()
    assert outcome(summary) == {"changed": 1}
    assert service.name == "Nytt namn"
    assert service.slug == "tjanst-1"
    assert not service.has_unpublished_changes
    assert service.live_revision.as_object().description == "<p>Om växthus</p>"
    assert "wagtail.edit" in actions(service)
    assert actions(service).count("wagtail.publish") == 2
    assert list(Service.objects.search("växthus")) == [service]
    assert outcome(run(item(description="<p>Om växthus</p>", name="Nytt namn"))) == {
        "unchanged": 1
    }


def test_published_wording_of_an_editor_stays_and_is_told_once():
    run(item())
    service = one()
    service.summary = "Vår egen"
    publish(service)

    first = run(item(summary="Ny", category="Trafik"))
    second = run(item(summary="Ny", category="Trafik"))

    assert outcome(first) == {"changed": 1, "kept": 1}
    assert (one().summary, one().category) == ("Vår egen", "Trafik")
    assert outcome(second) == {"unchanged": 1}


def test_editor_who_comes_to_say_the_same_as_the_feed_follows_it_again():
    run(item())
    service = one()
    service.summary = "Ny"
    publish(service)

    run(item(summary="Ny"))
    run(item(summary="Nyast"))

    assert one().summary == "Nyast"


def test_draft_keeps_its_wording_and_tags_while_the_rest_follows_in_both():
    run(item())
    tagged, draft_tag = make_situation("Få barn"), make_situation("Flytta")
    service = one()
    service.life_situations.set([tagged])
    publish(service)
    draft = one()
    draft.summary = "Utkast"
    draft.life_situations.set([tagged, draft_tag])
    draft.save_revision()

    summary = run(item(summary="Ny", category="Trafik"))

    service = one()
    draft = service.get_latest_revision_as_object()
    assert outcome(summary) == {"changed": 1, "kept": 1}
    assert (service.summary, service.category) == ("Ny", "Trafik")
    assert list(service.life_situations.all()) == [tagged]
    assert service.has_unpublished_changes
    assert (draft.summary, draft.category) == ("Utkast", "Trafik")
    assert set(draft.life_situations.all()) == {tagged, draft_tag}
    assert outcome(run(item(summary="Ny", category="Trafik"))) == {"unchanged": 1}


def test_draft_that_is_published_later_still_follows_the_feed():
    run(item())
    draft = one()
    draft.summary = "Utkast"
    draft.save_revision()
    run(item(category="Trafik"))

    one().latest_revision.publish()
    run(item(category="Vatten", summary="Ny"))

    assert (one().summary, one().category) == ("Utkast", "Vatten")


def test_invalid_draft_does_not_stop_the_import():
    run(item())
    draft = one()
    draft.name = ""
    draft.save_revision(clean=False)

    run(item(category="Trafik"))

    assert one().get_latest_revision_as_object().name == ""
    assert one().category == "Trafik"


def form_data(service, **changes):
    converter = ContentstateConverter(RICH_TEXT)
    rich = ("description", "have_at_hand", "what_happens_then")
    data = {
        name: converter.from_database_format(getattr(service, name)) for name in rich
    }
    channel = service.channels.get()
    data |= {
        "name": service.name, "summary": service.summary, "slug": service.slug,
        "category": service.category, "needs_assessment": "unknown",
        "cost": "", "handling_time": "", "unit": "", "life_situations": "",
        "deadlines-TOTAL_FORMS": 0, "deadlines-INITIAL_FORMS": 0,
        "channels-TOTAL_FORMS": 1, "channels-INITIAL_FORMS": 1,
        "channels-0-id": channel.pk, "channels-0-kind": channel.kind,
        "channels-0-label": "", "channels-0-url": channel.url, "channels-0-phone": "",
        "channels-0-address": "", "channels-0-opening_hours": "",
        "action-publish": "1",
    }  # fmt: skip
    return {**data, **changes}


def test_saving_the_form_without_a_change_is_no_edit(client):
    run(item())
    service = one()
    client.force_login(make_editor())
    url = f"/admin/snippets/medborgare_services/service/edit/{service.pk}/"
    assert client.get(url).status_code == 200

    response = client.post(url, form_data(service, cost="100 kr"))

    assert response.status_code == 302, response.context["form"].errors
    assert "data-block-key" in one().description
    assert outcome(
        run(item(description="<p>Ny</p>", url="https://e.example.se/ny"))
    ) == {"changed": 1}
    assert (one().description, one().cost) == ("<p>Ny</p>", "100 kr")
    assert one().channels.get().url == "https://e.example.se/ny"


def test_edit_of_the_description_in_the_form_stays(client):
    run(item())
    service = one()
    client.force_login(make_editor())
    url = f"/admin/snippets/medborgare_services/service/edit/{service.pk}/"
    edited = ContentstateConverter(RICH_TEXT).from_database_format("<p>Vår</p>")
    client.post(url, form_data(service, description=edited))

    assert outcome(run(item(description="<p>Ny</p>"))) == {"kept": 1}
    assert ">Vår</p>" in one().description


def test_changed_label_and_own_channels_survive_a_new_address():
    run(item())
    service = one()
    channel = service.channels.get()
    channel.label = "Starta"
    service.channels = [channel]
    service.channels.create(kind="phone", phone="060-19 10 00")
    publish(service)

    run(item(url="https://e.example.se/ny", requires_login=True))

    first, second = one().channels.order_by("pk")
    assert (first.label, first.url) == ("Starta", "https://e.example.se/ny")
    assert first.requires_login
    assert second.phone == "060-19 10 00"


def test_deleted_channel_of_the_feed_is_not_brought_back():
    run(item())
    service = one()
    service.channels = []
    publish(service)

    summary = run(item(url="https://e.example.se/ny"))

    assert outcome(summary) == {"kept": 1}
    assert not one().channels.exists()
    assert outcome(run(item(url="https://e.example.se/ny"))) == {"unchanged": 1}


def test_address_that_comes_and_goes_in_the_feed_is_followed():
    run(item(url="", requires_login=True))
    assert not one().channels.exists()
    assert outcome(run(item(url="", requires_login=True, requires_signing=True))) == {
        "unchanged": 1
    }

    run(item(requires_login=True))
    channel = one().channels.get()
    assert channel.requires_login
    assert channel.is_from_feed

    run(item(url="", requires_login=True))
    assert not one().channels.exists()


def test_scheduled_draft_is_left_alone_and_follows_once_it_is_published():
    run(item())
    draft = one()
    draft.summary = "På måndag"
    draft.go_live_at = timezone.now() + datetime.timedelta(days=3)
    draft.save_revision().publish()
    scheduled = one().scheduled_revision
    assert scheduled

    summary = run(item(category="Trafik"))

    assert outcome(summary) == {"changed": 1}
    assert one().live
    assert one().category == "Trafik"
    assert one().scheduled_revision == scheduled == one().latest_revision
    assert outcome(run(item(category="Trafik"))) == {"unchanged": 1}

    released = scheduled.as_object()
    released.go_live_at = None
    publish(released)
    assert one().category == "Bygga"
    run(item(category="Trafik"))
    assert (one().summary, one().category) == ("På måndag", "Trafik")


def start_workflow(service):
    workflow = Workflow.objects.create(name="Granskning")
    task = Task.objects.create(name="Läs")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    return workflow.start(service, make_editor("moderator"))


@pytest.mark.parametrize("has_draft", [True, False])
def test_service_in_a_workflow_stays_in_it(has_draft):
    run(item())
    service = one()
    if has_draft:
        service.summary = "Till granskning"
    service.save_revision(changed=has_draft)
    state = start_workflow(one())
    revision = one().latest_revision

    summary = run(item(category="Trafik"))

    state.refresh_from_db()
    assert outcome(summary) == {"changed": 1}
    assert one().category == "Trafik"
    assert state.status == state.STATUS_IN_PROGRESS
    assert one().latest_revision == revision
    assert state.current_task_state.revision == revision
    assert outcome(run(item(category="Trafik"))) == {"unchanged": 1}
    assert "wagtail.edit" in actions(one())


def test_service_that_left_the_feed_is_unpublished_and_comes_back_with_its_tags():
    situation = make_situation("Få barn")
    others = [item(str(number)) for number in range(2, 8)]
    run(item(), *others)
    service = one()
    service.life_situations.set([situation])
    publish(service)

    gone = run(*others)
    assert gone.removed == ["Tjänst 1"]
    assert not one().live
    assert one().left_feed_at
    assert "wagtail.unpublish" in actions(one())
    assert outcome(run(*others)) == {"unchanged": 6}

    back = run(item(), *others)
    service = one()
    assert back.changed == ["Tjänst 1"]
    assert service.live
    assert service.left_feed_at is None
    assert not service.has_unpublished_changes
    assert list(service.life_situations.all()) == [situation]
    assert service.channels.count() == 1
    assert outcome(run(item(), *others)) == {"unchanged": 7}


def test_service_comes_back_with_its_draft_still_a_draft():
    others = [item(str(number)) for number in range(2, 8)]
    run(item(), *others)
    draft = one()
    draft.summary = "Halvfärdigt"
    draft.save_revision()

    run(*others)
    run(item(name="Nytt namn"), *others)

    service = one()
    assert service.live
    assert (service.name, service.summary) == ("Nytt namn", "Kort")
    assert service.has_unpublished_changes
    draft = service.get_latest_revision_as_object()
    assert (draft.name, draft.summary) == ("Nytt namn", "Halvfärdigt")


def test_service_that_an_editor_unpublished_stays_unpublished():
    others = [item(str(number)) for number in range(2, 8)]
    run(item(), *others)
    one().unpublish()

    run(item(summary="Ny"), *others)
    assert (one().live, one().summary) == (False, "Ny")

    run(*others)
    run(item(summary="Nyast"), *others)
    assert (one().live, one().summary) == (False, "Nyast")


def test_service_that_an_editor_publishes_after_it_left_stays_published():
    others = [item(str(number)) for number in range(2, 8)]
    run(item(), *others)
    run(*others)
    one().get_latest_revision_as_object().save_revision().publish()

    summary = run(*others)

    assert one().live
    assert outcome(summary) == {"unchanged": 6}


def test_unusable_entry_is_not_a_lost_one():
    run(item(), item("2"))

    assert outcome(run(item("2"), known=["1"])) == {"unchanged": 1}
    assert one().live


def test_loss_of_more_than_a_fifth_is_refused():
    items = [item(str(number)) for number in range(10)]
    run(*items)
    revisions = Revision.objects.count()

    with pytest.raises(FeedLostTooMuch, match="3"):
        run(*items[3:], item("new"))

    assert Service.objects.filter(live=True).count() == 10
    assert Revision.objects.count() == revisions
    assert outcome(run(*items[2:])) == {"unchanged": 8, "removed": 2}
    assert outcome(run(*items[5:], allow_loss=True)) == {"unchanged": 5, "removed": 3}


def test_loss_is_counted_in_its_own_source_only():
    run(*[item(str(number)) for number in range(10)], source="a.example.se")
    run(item("1"), item("2"), source="b.example.se")
    make_service("Egen")

    with pytest.raises(FeedLostTooMuch):
        run(item("1"), source="b.example.se")
    run(item("1"), source="b.example.se", allow_loss=True)

    assert Service.objects.filter(source="a.example.se", live=True).count() == 10
    assert Service.objects.get(name="Egen").live


def test_two_sources_may_use_the_same_key():
    run(item(name="A"), source="a.example.se")
    run(item(name="B"), source="b.example.se")

    assert outcome(run(item(name="A"), source="a.example.se")) == {"unchanged": 1}
    assert Service.objects.filter(source_key="1").count() == 2


def test_empty_feed_is_a_loss_of_the_only_source_there_is():
    run(item())

    with pytest.raises(FeedLostTooMuch):
        run(source="")
    assert one().live
    assert outcome(run(source="", allow_loss=True)) == {"removed": 1}


def test_empty_feed_must_be_named_where_there_are_several_sources():
    run(item(), source="a.example.se")
    run(item(), source="b.example.se")

    with pytest.raises(InvalidFeed, match="--source"):
        run(source="")


def test_empty_feed_into_an_empty_catalogue_does_nothing():
    make_service("Egen")

    assert outcome(run(source="")) == {}
    assert Service.objects.get().live


def test_name_of_a_source_has_a_limit():
    with pytest.raises(InvalidFeed):
        run(item(), source="x" * 101)


def test_progress_counts_every_service_once():
    told = []
    run(item("1"))

    run(item("1"), item("2"), progress=lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)]
