"""The committed table: every address, and what it does with the visitor.

A new address fails ``test_every_address_is_listed`` until it stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from security.urlconf import ENDPOINTS, our_admin_names
from security.world import World

PRIVATE = "private"  # Reads the visitor: private, no-store, Vary: Cookie.
SAME = "same"  # Reads nothing: byte for byte the same for every anonymous visitor.
FORM = "form"  # Somebody else's form with a CSRF token: reads nothing, differs.


@dataclass(frozen=True)
class Visit:
    """One path to look at, and what its answer must be like."""

    path: str
    answer: str


# Page types by their model's label; a new one fails the test until it stands here.
PAGES = {
    "testapp.HomePage": Visit("/", PRIVATE),
    "testapp.ArticlePage": Visit("/artikel/", SAME),
    "testapp.PlainPage": Visit("/vanlig/", SAME),
    "testapp.VariantPage": Visit("/variant/", SAME),
    "testapp.ShowingPage": Visit("/visar/", SAME),
    "testapp.MyServicesPage": Visit("/mina-tjanster/", PRIVATE),
    "testapp.ServiceCataloguePage": Visit("/tjanster/", SAME),
}

_SERVED_BY_WAGTAIL = (
    *PAGES.values(),
    Visit("/?q=a&utm_source=b", PRIVATE),
    Visit("/vanlig/?q=a", SAME),
    Visit("/mina-tjanster/?q=skola", PRIVATE),
    Visit("/tjanster/?q=skola", SAME),
    Visit("/tjanster/?situation=skulder", SAME),
    Visit("/tjanster/?unit=barn-och-utbildning&p=2", SAME),
    Visit("/tjanster/forskola/", SAME),
    Visit("/tjanster/skuldradgivning/", SAME),
    Visit("/tjanster/finns-inte/", SAME),
    Visit("/finns-inte/", SAME),
)


def public_visits(world: World) -> dict[str, tuple[Visit, ...]]:
    """Return the paths to look at for each name outside the administration."""
    dates = f"/medborgare/services/{world.service.pk}/dates.ics"
    return {
        "medborgare_visitors:choices": (
            Visit("/medborgare/choices/", PRIVATE),
            Visit("/medborgare/choices/?situation=skulder", PRIVATE),
        ),
        **{
            f"medborgare_visitors:{name}": (Visit(f"/medborgare/{name}/", SAME),)
            for name in ENDPOINTS
        },
        # No page type of the tests lives at the edge: see tests/segments/test_parts.py.
        "medborgare_segments:personal_page": (
            Visit(f"/medborgare/pages/{world.home.pk}/", SAME),
        ),
        "medborgare_segments:personal_parts": (
            Visit(f"/medborgare/pages/{world.home.pk}/parts/", SAME),
        ),
        "medborgare_services:deadlines": (
            Visit(dates, SAME),
            Visit(f"{dates}?situation=skulder", SAME),
            Visit("/medborgare/services/999999/dates.ics", SAME),
        ),
        "medborgare_services:my_deadlines": (
            Visit("/medborgare/my-dates.ics", PRIVATE),
        ),
        "wagtail_serve": _SERVED_BY_WAGTAIL,
        "wagtailapi:pages:listing": (Visit("/api/pages/", SAME),),
        "wagtailapi:pages:detail": (
            Visit(f"/api/pages/{world.home.pk}/?fields=body", SAME),
        ),
        "wagtailapi:pages:find": (Visit("/api/pages/find/?html_path=/", SAME),),
        "wagtailcore_login": (Visit("/_util/login/", FORM),),
        "wagtailcore_authenticate_with_password": (
            Visit("/_util/authenticate_with_password/1/1/", SAME),
        ),
        "wagtaildocs_serve": (Visit("/documents/1/a.pdf", SAME),),
        "wagtaildocs_authenticate_with_password": (
            Visit("/documents/authenticate_with_password/1/", SAME),
        ),
    }


_LISTED = {"add", "edit", "delete", "usage", "inspect", "list", "list_results"}
_HISTORY = {"history", "history_results", "revisions_compare", "revisions_revert"}
_DRAFTS = {
    "collect_workflow_action_data", "confirm_workflow_cancellation", "copy", "lock",
    "preview_on_add", "preview_on_edit", "revisions_unschedule", "revisions_view",
    "unlock", "unpublish", "workflow_action", "workflow_history",
    "workflow_history_detail", "workflow_preview",
}  # fmt: skip
_CHOOSER = {"choose", "choose_results", "chosen", "chosen_multiple", "create"}
_REPORTS = {
    "blocks_by_situation", "broken_channels", "coverage", "empty_situations",
    "left_feed", "pages_by_situation", "pages_without_situation",
    "services_without_situation", "stale_content", "unseen_blocks",
}  # fmt: skip

ADMIN = {
    "wagtailsnippets_medborgare_situations_lifesituation": _LISTED
    | _HISTORY
    | {"reorder", "merge"},
    "wagtailsnippets_medborgare_situations_persona": (_LISTED - {"inspect"})
    | {"history", "history_results", "reorder"},
    "wagtailsnippetchoosers_medborgare_situations_persona": _CHOOSER,
    "medborgare_segments_admin": {"compare", "compare_saved", "see_as"},
    "medborgare_reports": _REPORTS | {f"{name}_results" for name in _REPORTS},
    "wagtailsnippets_medborgare_services_service": _LISTED | _HISTORY | _DRAFTS,
    "wagtailsnippets_medborgare_services_unit": _LISTED
    | _HISTORY
    | _DRAFTS
    | {"reorder"},
    "medborgare_core_admin": {"guide_start", "guide"},
    "medborgare_situations_admin": {"suggestions"},
    "medborgare_services_admin": {"suggestions"},
    "wagtailsnippetchoosers_medborgare_situations_lifesituation": _CHOOSER,
    "wagtailsnippetchoosers_medborgare_services_service": _CHOOSER,
    "wagtailsnippetchoosers_medborgare_services_unit": _CHOOSER,
    "medborgare_who_sees": {"edit", "add", "add_page"},
    "medborgare_try_as": {"index"},
    "wagtailsnippets_medborgare_services_module": _LISTED
    | _HISTORY
    | _DRAFTS
    | {"reorder"},
    "wagtailsnippetchoosers_medborgare_services_module": _CHOOSER,
}


def admin_paths(world: World) -> dict[str, str]:
    """Return a path for each of our own addresses in the administration."""
    pks = {
        "service": world.service.pk,
        "unit": world.unit.pk,
        "module": world.module.pk,
    }
    return {
        name: _path(name, pks.get(name.partition(":")[0].rpartition("_")[2]) or 1)
        for name in our_admin_names()
    }


_HOME_PAGE = {"app_label": "testapp", "model_name": "homepage"}


def _path(name: str, pk: int) -> str:
    possible: list[dict[str, Any]] = [
        {},
        {"pk": pk},
        {"pk": pk, "revision_id": 1},
        {"pk": pk, "revision_id_a": "live", "revision_id_b": "latest"},
        {"pk": pk, "action_name": "approve", "task_state_id": 1},
        {"pk": pk, "workflow_state_id": 1},
        {"pk": pk, "task_id": 1},
        {"app_label": "testapp", "model_name": "homepage", "pk": pk},
        {"page_pk": pk},
        {"slug": "first-hour"},
        {**_HOME_PAGE, "pk": pk},
        {**_HOME_PAGE, "parent_pk": pk},
        _HOME_PAGE,
    ]
    for arguments in possible:
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(f"{name}: say here how its address is made")
