"""As whom an editor may preview: nobody, a persona, one situation or several."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from wagtail_medborgare.segments.previewing.modes import (
    NOBODY_KEY,
    persona_key,
    persona_pk,
    situation_pks,
    situations_key,
)
from wagtail_medborgare.situations.models import Persona, TaggedPersona
from wagtail_medborgare.situations.snapshot import Situation, situations
from wagtail_medborgare.visitors.previews import NOBODY, PreviewAs
from wagtail_medborgare.visitors.templatetags.medborgare_choices import names


def somebody(key: str) -> PreviewAs:
    """Return the made-up visitor that a key names.

    Like a visitor, they have active situations only. A persona or a situation that was
    deleted leaves nobody.
    """
    pk = persona_pk(key)
    if pk is not None:
        return _persona(pk)
    chosen = situations.get().resolve(situation_pks(key))
    if not chosen:
        return NOBODY
    return PreviewAs(frozenset(item.pk for item in chosen), names(chosen))


def _persona(pk: int) -> PreviewAs:
    persona = Persona.objects.filter(pk=pk).first()
    if persona is None:
        return NOBODY
    tagged = TaggedPersona.objects.filter(content_object=persona)
    return PreviewAs(frozenset(tagged.values_list("tag_id", flat=True)), persona.name)


def known_key(key: str) -> str:
    """Return the key as far as it still names something: what was deleted is left out."""
    pk = persona_pk(key)
    if pk is not None:
        return key if Persona.objects.filter(pk=pk).exists() else NOBODY_KEY
    chosen = situations.get().resolve(situation_pks(key))
    return situations_key(item.pk for item in chosen)


def described(who: PreviewAs) -> str:
    """Return one sentence: who it is and what they have chosen."""
    chosen = situations.get().resolve(who.situation_pks)
    if who == NOBODY:
        return _("A visitor who has chosen nothing.")
    if not chosen:
        return _("%(name)s, who has chosen nothing.") % {"name": who.label}
    if who.label == names(chosen):
        return _("A visitor who has chosen %(situations)s.") % {"situations": who.label}
    return _("%(name)s, who has chosen %(situations)s.") % {
        "name": who.label,
        "situations": names(chosen),
    }


@dataclass(frozen=True)
class Option:
    """One line in the list of whom to preview as."""

    key: str
    label: str
    is_sensitive: bool = False


@dataclass(frozen=True)
class OptionGroup:
    """Some lines under one heading."""

    label: str
    options: tuple[Option, ...]


def option_groups(*, also: str = NOBODY_KEY) -> list[OptionGroup]:
    """Return whom one may preview as: personas first, then situations by their group.

    ``also`` is a key that must be among them: several situations at once.
    """
    groups = [OptionGroup(_("Personas"), _persona_options())]
    chosen = situations.get().resolve(situation_pks(also))
    if len(chosen) > 1:
        option = Option(also, names(chosen))
        groups.append(OptionGroup(_("Several at once"), (option,)))
    by_group: dict[str, list[Situation]] = {}
    for item in situations.get().active:
        by_group.setdefault(item.group_label, []).append(item)
    for label, items in by_group.items():
        options = [Option(str(item.pk), item.name, item.is_sensitive) for item in items]
        groups.append(OptionGroup(label, tuple(options)))
    return [group for group in groups if group.options]


def _persona_options() -> tuple[Option, ...]:
    return tuple(
        Option(persona_key(pk), name)
        for pk, name in Persona.objects.values_list("pk", "name")
    )
