"""Tag many documents or images at once."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.documents.views.bulk_actions.document_bulk_action import DocumentBulkAction
from wagtail.documents.views.documents import IndexView as DocumentList
from wagtail.images.views.bulk_actions.image_bulk_action import ImageBulkAction
from wagtail.images.views.images import IndexView as ImageList

from wagtail_medborgare.situations.bulk_actions.base import (
    AddsSituations,
    RemovesSituations,
    SituationsAction,
)
from wagtail_medborgare.situations.files import change_file
from wagtail_medborgare.situations.obstacles import SortedOut
from wagtail_medborgare.situations.tagging import Change, Outcome


class FileSituations(SituationsAction):
    """Change the situations of files of one kind, as their collections allow."""

    permission_policy: Any

    listing: ClassVar[type[Any]]
    """The list that the files are ticked in."""

    def sort_out(self) -> SortedOut:
        object_ids = self.request.GET.getlist("id")
        files = self.model.objects.all()
        if "all" in object_ids:
            object_ids = self.get_all_objects_in_listing_query(  # type: ignore[attr-defined]
                self.request.GET.get("childOf")
            )
            files = files.filter(pk__in=self._filtered())
        files = files.filter(pk__in=list(object_ids)).order_by("pk")
        permitted = self.permission_policy.instances_user_has_permission_for(
            self.request.user, "change"
        )
        changeable = list(files.filter(pk__in=permitted.values("pk")))
        return SortedOut(changeable, [], files.count() - len(changeable))

    def _filtered(self) -> Any:
        """Return the keys of what the list's filters let through.

        Wagtail looks at the collection and the words searched for only, while “all”
        means what is shown.
        """
        shown = self.listing()
        shown.setup(self.request)
        files = shown.filter_queryset(shown.get_base_queryset())
        return files.order_by().values("pk")

    def change_one(self, item: Any, change: Change) -> Outcome:
        return change_file(item, change, user=self.request.user)


class DocumentSituations(FileSituations, DocumentBulkAction):
    """Change the situations of documents."""

    listing = DocumentList


class ImageSituations(FileSituations, ImageBulkAction):
    """Change the situations of images."""

    listing = ImageList


class AddSituationsToDocuments(AddsSituations, DocumentSituations):
    aria_label = _("Add situations to the selected documents")


class RemoveSituationsFromDocuments(RemovesSituations, DocumentSituations):
    aria_label = _("Remove situations from the selected documents")


class AddSituationsToImages(AddsSituations, ImageSituations):
    aria_label = _("Add situations to the selected images")


class RemoveSituationsFromImages(RemovesSituations, ImageSituations):
    aria_label = _("Remove situations from the selected images")
