from wagtail.snippets.models import register_snippet

from wagtail_medborgare.situations.viewsets import LifeSituationViewSet

register_snippet(LifeSituationViewSet)
