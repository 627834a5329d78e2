"""The committed table: who is let in at each of our addresses in the administration.

A new address fails ``test_every_address_of_the_administration_is_listed`` until it
stands here. Objects belong to the unit *schools*, pages stand in its part of the site.
What the words mean:

- *login*: sent to log in. So are all who have no access to the administration.
- *refused*: Wagtail's refusal, back to the dashboard with a message (403 for scripts).
- *missing*: 404.
- *in*: the view answers: a page, a form with errors, a redirect to where one was.
- *no method*: 405.

Something that does not exist is *missing* for those who may see something of the kind,
and *refused* for the others, so that they do not learn what exists. Another unit's thing
is *refused*: everybody who works with services sees in the list that it exists.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

# Who comes, in the order of the columns.
OUTSIDE = ("anonymous", "resident", "deactivated")
INSIDE = ("own", "other", "adder", "viewer", "central", "approver", "superuser")
ROLES = (*OUTSIDE, *INSIDE)
EVERYBODY = "everybody"
LOOK = "GET HEAD OPTIONS"
SEND = "OPTIONS POST"
ASK = f"{LOOK} POST"
FORM = f"{ASK} PUT"  # Django treats PUT like POST where it shows a form.
DELETE = f"{ASK} DELETE"
PREVIEW = "GET POST DELETE"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Rule:
    """Who is let in, and what may be sent."""

    roles: frozenset[str]
    methods: frozenset[str]
    thing: str = "quiet"
    """``waiting`` is in a workflow, ``quiet`` is not; ``nothing`` is never there."""
    kind: str = ""
    """What the address is asked about, where its name does not tell."""
    held: str = ""
    """A method that is refused to all here, whoever they are: the thing is in use."""

    @property
    def foreign_roles(self) -> frozenset[str]:
        """Who is let in where the thing belongs to the other unit."""
        if "other" in self.roles or not self.roles & {"own", "approver"}:
            return self.roles
        others = {"other"} if "own" in self.roles else set()
        return self.roles - {"own", "approver"} | others


def rule(roles: str, methods: str = LOOK, thing: str = "quiet", kind: str = "") -> Rule:
    names = INSIDE if roles == EVERYBODY else roles.split()
    return Rule(frozenset(names), frozenset(methods.split()), thing, kind)


# The editors of the owning unit; those of other units are not among them.
THEIRS = "own central superuser"
PUBLISHING = "own central approver superuser"

# A chooser that makes nothing: 404 for everybody inside.
NO_FORM = Rule(frozenset(INSIDE), frozenset(METHODS), "nothing")
CHOOSER = {
    "choose": rule(EVERYBODY),
    "choose_results": rule(EVERYBODY),
    "chosen": rule(EVERYBODY),
    "chosen_multiple": rule(EVERYBODY),
    "create": NO_FORM,
}
OWNED = {
    "list": rule(EVERYBODY),
    "list_results": rule(EVERYBODY),
    "inspect": rule(EVERYBODY),
    "edit": rule(THEIRS, FORM),
    "delete": rule(THEIRS, ASK),
    "usage": rule(THEIRS),
    "history": rule(PUBLISHING),
    "history_results": rule(PUBLISHING),
    "preview_on_edit": rule(THEIRS, PREVIEW),
    "revisions_view": rule(THEIRS, "GET"),
    "revisions_compare": rule(THEIRS),
    "revisions_revert": rule(THEIRS, FORM),
    "revisions_unschedule": rule(PUBLISHING, ASK),
    "unpublish": rule(PUBLISHING, ASK),
    "lock": rule(THEIRS, SEND),
    "unlock": rule(THEIRS, SEND),
    "workflow_history": rule(THEIRS),
    "workflow_history_detail": rule(THEIRS, thing="waiting"),
    "workflow_action": rule("approver superuser", ASK, "waiting"),
    "collect_workflow_action_data": rule("approver superuser", ASK, "waiting"),
    "workflow_preview": rule("approver superuser", "GET", "waiting"),
    "confirm_workflow_cancellation": rule(
        "own central approver superuser",
        "GET HEAD OPTIONS POST PUT PATCH DELETE",
        "waiting",
    ),
}
ADDERS = "own other adder central superuser"
CENTRAL = "central superuser"
SERVICE = OWNED | {
    "add": rule(ADDERS, FORM),
    "copy": rule(ADDERS),
    "preview_on_add": rule(ADDERS, PREVIEW),
}
UNIT = OWNED | {
    "add": rule(CENTRAL, FORM),
    "copy": rule(CENTRAL),
    "preview_on_add": rule(CENTRAL, PREVIEW),
    # A group works for each of these units: they are looked at, and stay.
    "delete": replace(rule(CENTRAL, ASK), held="POST"),
    "reorder": rule(CENTRAL, SEND),
}
SITUATION = {
    "list": rule(CENTRAL),
    "list_results": rule(CENTRAL),
    "add": rule(CENTRAL, FORM),
    "inspect": rule(CENTRAL),
    "edit": rule(CENTRAL, FORM),
    "delete": rule(CENTRAL, DELETE),
    "usage": rule(CENTRAL),
    "history": rule(CENTRAL),
    "history_results": rule(CENTRAL),
    "revisions_compare": rule(CENTRAL),
    "revisions_revert": rule(CENTRAL, FORM),
    "reorder": rule(CENTRAL, SEND),
    "merge": rule(CENTRAL, FORM),
}
PERSONA = {
    name: SITUATION[name]
    for name in (
        "list", "list_results", "add", "edit", "delete", "usage", "history",
        "history_results", "reorder",
    )
}  # fmt: skip
MODULE = SERVICE | {"reorder": rule(CENTRAL, SEND)}

# Who works with services at all, and who works with pages.
WITH_PAGES = "own other central superuser"


def reports(**roles: str) -> dict[str, Rule]:
    """Return the rules of reports; their results can be asked for alone."""
    return {
        f"{name}{part}": rule(who)
        for name, who in roles.items()
        for part in ("", "_results")
    }


ACCESS: dict[str, dict[str, Rule | tuple[Rule, ...]]] = {
    "wagtailsnippets_medborgare_services_service": SERVICE,
    "wagtailsnippets_medborgare_services_unit": UNIT,
    "wagtailsnippets_medborgare_services_module": MODULE,
    "wagtailsnippets_medborgare_situations_lifesituation": SITUATION,
    "wagtailsnippets_medborgare_situations_persona": PERSONA,
    "wagtailsnippetchoosers_medborgare_services_service": CHOOSER,
    "wagtailsnippetchoosers_medborgare_services_unit": CHOOSER,
    "wagtailsnippetchoosers_medborgare_services_module": CHOOSER,
    "wagtailsnippetchoosers_medborgare_situations_lifesituation": CHOOSER,
    "wagtailsnippetchoosers_medborgare_situations_persona": CHOOSER,
    "medborgare_core_admin": {
        "guide_start": rule(EVERYBODY),
        "guide": rule(EVERYBODY, kind="chapter"),
    },
    "medborgare_segments_admin": {
        name: tuple(
            rule(THEIRS, methods, kind=kind)
            for kind in ("page", "service", "unit", "module")
        )
        for name, methods in {"compare": "GET HEAD", "compare_saved": "GET"}.items()
    }
    | {"see_as": rule(THEIRS, "GET HEAD", kind="page")},
    "medborgare_who_sees": {
        "add": rule(CENTRAL, "POST", kind="banner"),
        "add_page": rule(THEIRS, "POST", kind="page"),
        "edit": (
            rule(THEIRS, "POST", kind="page"),
            rule(CENTRAL, "POST", kind="banner"),
        ),
    },
    "medborgare_reports": reports(
        coverage=EVERYBODY,
        empty_situations=EVERYBODY,
        services_without_situation=EVERYBODY,
        pages_without_situation=WITH_PAGES,
        stale_content=EVERYBODY,
        broken_channels=EVERYBODY,
        unseen_blocks=WITH_PAGES,
        left_feed=EVERYBODY,
        pages_by_situation=WITH_PAGES,
        blocks_by_situation=WITH_PAGES,
    ),
    "medborgare_try_as": {"index": rule(EVERYBODY, "GET HEAD")},
    "medborgare_services_admin": {"suggestions": rule(THEIRS + " other", ASK)},
    "medborgare_situations_admin": {"suggestions": rule(THEIRS + " other", ASK)},
}
