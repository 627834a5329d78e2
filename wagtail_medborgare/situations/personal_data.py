"""Nothing in this room is about a person: it is the municipality's own vocabulary."""

from wagtail_medborgare.core.personal_data import declare

declare(
    "medborgare_situations.LifeSituation",
    not_personal=[
        "id", "name", "slug", "summary", "synonyms", "group", "icon", "is_business",
        "is_sensitive", "is_active", "sort_order", "imported", "latest_revision",
    ],
)  # fmt: skip
declare(
    "medborgare_situations.SituationLabel",
    not_personal=["id", "situation", "language", "name", "summary", "synonyms"],
)
declare(
    "medborgare_situations.VocabularyLink",
    not_personal=["id", "situation", "scheme", "code", "uri", "label"],
)
declare(
    "medborgare_situations.NextSituation",
    not_personal=["id", "situation", "to", "after_months", "prompt"],
)
declare(
    "medborgare_situations.NextSituationPrompt",
    not_personal=["id", "next_situation", "language", "prompt"],
)
declare(
    "medborgare_situations.TaggedPage",
    not_personal=["id", "tag", "content_object", "covers_section"],
)
declare("medborgare_situations.SectionExit", not_personal=["id", "page"])
declare(
    "medborgare_situations.TaggedFile",
    not_personal=["id", "tag", "content_type", "object_id"],
)
declare(
    "medborgare_situations.MergedSituation",
    not_personal=["id", "old_pk", "old_slug", "old_name", "situation", "merged_at"],
)
# Personas are made up: no field of theirs is about anybody.
declare(
    "medborgare_situations.Persona",
    not_personal=["id", "name", "description", "sort_order", "life_situations"],
)
declare(
    "medborgare_situations.TaggedPersona", not_personal=["id", "tag", "content_object"]
)
