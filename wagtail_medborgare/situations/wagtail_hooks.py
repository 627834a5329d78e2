from wagtail.snippets.models import register_snippet

from wagtail_medborgare.situations.viewsets import LifeSituationViewSet, PersonaViewSet

register_snippet(LifeSituationViewSet)
register_snippet(PersonaViewSet)
