"""Tagged documents reach those who have chosen the situation, and nobody else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_home, make_my_services, make_situation
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

from wagtail_medborgare.situations.documents import first_documents_for_situations
from wagtail_medborgare.situations.models import TaggedFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def child(db):
    return make_situation("Få barn")


@pytest.fixture
def house(db):
    return make_situation("Bygga hus")


@pytest.fixture
def my_services(db):
    return make_my_services(make_home())


def make_document(title, *situations, collection=None):
    document = Document.objects.create(
        title=title,
        file=ContentFile(b"text", name="blankett.pdf"),
        collection=collection or Collection.get_first_root_node(),
    )
    for situation in situations:
        TaggedFile.objects.create(tag=situation, content_object=document)
    return document


def titles(*situations, limit=6):
    pks = [item.pk for item in situations]
    found = first_documents_for_situations(pks, limit=limit)
    return [item.document.title for item in found]


def test_document_is_shown_with_its_reason_to_those_who_chose(
    visitor, other_visitor, my_services, child
):
    document = make_document("Anmälan om faderskap", child)
    visitor.choose(child)

    mine, theirs = visitor.get(my_services.url), other_visitor.get(my_services.url)

    assert document.url in mine.text
    assert "Anmälan om faderskap (PDF" in mine.text
    assert "Få barn" in mine.text.partition(document.url)[2]
    assert "Anmälan om faderskap" not in theirs.text


@pytest.mark.parametrize("kind", ["password", "login", "groups"])
def test_document_that_is_not_for_everybody_is_never_listed(child, kind):
    root = Collection.get_first_root_node()
    closed = root.add_child(name="Stängd")
    beneath = closed.add_child(name="Under")
    restriction = CollectionViewRestriction.objects.create(
        collection=closed, restriction_type=kind, password="hemligt"
    )
    if kind == "groups":
        restriction.groups.add(Group.objects.create(name="Personal"))
    make_document("Öppen", child)
    make_document("Stängd", child, collection=closed)
    make_document("Under", child, collection=beneath)

    assert titles(child) == ["Öppen"]


def test_document_for_most_of_the_situations_comes_first(child, house):
    make_document("Båda", child, house)
    make_document("Ett", child)
    make_document("Annat", make_situation())
    make_document("Inget")

    assert titles(child, house) == ["Båda", "Ett"]
    assert titles(child, house, limit=1) == ["Båda"]
    assert titles() == []


def test_site_that_serves_no_documents_lists_none(child, settings):
    make_document("Blankett", child)

    settings.ROOT_URLCONF = "wagtail_medborgare.urls"

    assert titles(child) == []


@pytest.mark.parametrize("count", [1, 30])
def test_documents_take_two_queries(child, count):
    for number in range(count):
        make_document(f"Blankett {number}", child)
    titles(child)

    with CaptureQueriesContext(connection) as queries:
        titles(child)

    assert len(queries) == 2


def test_document_goes_at_once_when_its_collection_is_closed(child):
    closed = Collection.get_first_root_node().add_child(name="Stängd")
    document = make_document("Blankett", child)
    assert titles(child) == ["Blankett"]

    document.collection = closed
    document.save()
    CollectionViewRestriction.objects.create(
        collection=closed, restriction_type="login"
    )

    assert titles(child) == []


def test_document_that_is_deleted_or_untagged_goes_at_once(child):
    deleted, untagged = make_document("Ett", child), make_document("Två", child)
    assert len(titles(child)) == 2

    deleted.delete()
    TaggedFile.objects.get(object_id=untagged.pk).delete()

    assert titles(child) == []


def test_nothing_tagged_costs_nothing(child, django_assert_num_queries):
    titles(child)

    with django_assert_num_queries(0):
        assert titles(child) == []


@pytest.mark.parametrize("query", ["", "&q=Blankett"])
def test_editors_filter_documents_by_situation(admin_client, child, house, query):
    make_document("Blankett ett", child)
    make_document("Blankett två", house)

    text = admin_client.get(f"/admin/documents/?life_situations={child.pk}{query}").text

    assert "Blankett ett" in text
    assert "Blankett två" not in text


# Wagtail leaves the files open from which it makes the small pictures of the list.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_editors_filter_images_by_situation(admin_client, child):
    from wagtail.images.models import Image
    from wagtail.images.tests.utils import get_test_image_file

    for title in ("Märkt bild", "Annan bild"):
        image = Image.objects.create(title=title, file=get_test_image_file())
        if title == "Märkt bild":
            TaggedFile.objects.create(tag=child, content_object=image)

    text = admin_client.get(f"/admin/images/?life_situations={child.pk}").text

    assert "Märkt bild" in text
    assert "Annan bild" not in text
