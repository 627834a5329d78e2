"""The adapter that wagtail-personalisation asks: silent, lazy, without storage.

Never import this module directly: wagtail-personalisation imports it while its own
adapters are being imported. Call ``wagtail_personalisation.adapters.get_segment_adapter``.
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from wagtail_personalisation.adapters import BaseSegmentsAdapter
from wagtail_personalisation.models import Segment

from wagtail_medborgare.segments.audiences import Audience
from wagtail_medborgare.segments.snapshot import segments
from wagtail_medborgare.visitors.visitor import get_visitor


class VisitorSegmentsAdapter(BaseSegmentsAdapter):
    """Evaluate segments from the snapshot when somebody asks; write nothing anywhere."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._answers: dict[int, bool] = {}
        self._set: list[Segment] | None = None

    def get_segments(self, key: str = "segments") -> list[Segment]:
        """Return the segments of this request; nobody is ever excluded by storage."""
        if key != "segments":
            return []
        if self._set is not None:
            return self._set
        definitions = segments.get().by_pk
        return [item.segment for pk, item in definitions.items() if self.is_in(pk)]

    def get_segment_by_id(self, segment_id: int) -> Segment | None:
        """Return the segment if this request is in it."""
        definition = segments.get().by_pk.get(segment_id)
        return definition.segment if definition and self.is_in(segment_id) else None

    def is_in(self, segment_id: int) -> bool:
        """Test one segment, once for each request."""
        if self._set is not None:
            return any(segment.pk == segment_id for segment in self._set)
        if segment_id not in self._answers:
            # Through the visitor, so that it is noted whoever asks.
            audience = Audience.only(segments=[segment_id])
            self._answers[segment_id] = get_visitor(self.request).matches(audience)
        return self._answers[segment_id]

    def set_segments(self, segments: Iterable[Segment], key: str = "segments") -> None:
        """Let these be the segments for the rest of this request only."""
        if key == "segments":
            self._set = list(segments)

    def add(self, *args: Any) -> None:
        """Add nothing: there is no storage."""

    def refresh(self) -> None:
        """Forget what was tested in this request."""
        self._answers = {}
        self._set = None

    def add_page_visit(self, page: Any) -> None:
        """Record no visit: reading history needs consent, and lives elsewhere."""

    def get_visit_count(self, page: Any = None) -> int:
        """Count nothing."""
        return 0

    def update_visit_count(self) -> None:
        """Count nothing."""
