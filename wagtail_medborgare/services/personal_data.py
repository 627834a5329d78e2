"""Nothing in this room is about a resident; units have the addresses of offices."""

from wagtail_medborgare.core.personal_data import declare

_STATE = [
    "id", "live", "has_unpublished_changes", "first_published_at", "last_published_at",
    "live_revision", "latest_revision", "go_live_at", "expire_at", "expired",
    "locked", "locked_at", "locked_by",
]  # fmt: skip

declare(
    "medborgare_services.Unit",
    not_personal=[
        *_STATE, "name", "slug", "description", "phone", "email", "address",
        "opening_hours", "sort_order", "life_situations",
    ],
)  # fmt: skip
declare("medborgare_services.TaggedUnit", not_personal=["id", "tag", "content_object"])
declare(
    "medborgare_services.Service",
    not_personal=[
        *_STATE, "translation_key", "locale", "name", "slug", "summary", "description",
        "unit", "category", "cost", "handling_time", "have_at_hand",
        "what_happens_then", "needs_assessment", "is_sensitive", "source",
        "source_key", "imported", "left_feed_at", "life_situations",
    ],
)  # fmt: skip
declare(
    "medborgare_services.TaggedService", not_personal=["id", "tag", "content_object"]
)
declare(
    "medborgare_services.Channel",
    not_personal=[
        "id", "service", "kind", "label", "url", "phone", "address", "opening_hours",
        "requires_login", "requires_signing", "is_from_feed",
    ],
)  # fmt: skip
declare(
    "medborgare_services.ServiceDeadline",
    not_personal=["id", "service", "label", "date", "is_yearly"],
)
