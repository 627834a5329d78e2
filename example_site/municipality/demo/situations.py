from wagtail_medborgare.situations.models import LifeSituation


def situations(slugs: list[str]) -> list[LifeSituation]:
    """Return the life situations in the order of the slugs; an editor may have deleted one."""
    found = {item.slug: item for item in LifeSituation.objects.filter(slug__in=slugs)}
    return [found[slug] for slug in slugs if slug in found]
