"""Nothing in this room is about a resident; a service may name who looks after it."""

from wagtail_medborgare.core.personal_data import Erasure, PersonalField, declare

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
        "unit", "category", "cost", "review_by", "handling_time", "have_at_hand",
        "what_happens_then", "needs_assessment", "is_sensitive", "source",
        "source_key", "imported", "left_feed_at", "life_situations",
    ],
    personal={
        "responsible": PersonalField(
            purpose="Which employee keeps the text up to date; shown to editors only.",
            legal_basis="GDPR article 6(1)(e): the municipality's task of informing.",
            retention_days=None,
            erasure=Erasure.ANONYMISE,
        )
    },
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
declare(
    "medborgare_services.CheckedLink",
    not_personal=["id", "url", "is_broken", "problem", "broken_since", "checked_at"],
)
declare(
    "medborgare_services.GroupUnit",
    not_personal=["id", "group", "unit", "may_approve"],
)
declare("medborgare_services.UnitApprovalTask", not_personal=["task_ptr"])
declare(
    "medborgare_services.Module",
    not_personal=[
        *_STATE, "translation_key", "locale", "kind", "title", "unit", "sort_order",
        "life_situations", "text", "feed_url", "feed_limit",
    ],
)  # fmt: skip
declare(
    "medborgare_services.TaggedModule", not_personal=["id", "tag", "content_object"]
)
declare(
    "medborgare_services.ModuleLink",
    not_personal=["id", "sort_order", "module", "label", "page", "url"],
)
declare(
    "medborgare_services.ModuleService",
    not_personal=["id", "sort_order", "module", "service"],
)
declare(
    "medborgare_services.ModuleOpeningHours",
    not_personal=["id", "module", "weekday", "opens", "closes"],
)
declare(
    "medborgare_services.ModuleClosedDay",
    not_personal=["id", "module", "date", "label"],
)
