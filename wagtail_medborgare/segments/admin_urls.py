from django.urls import path

from wagtail_medborgare.segments.previewing.compare import CompareView
from wagtail_medborgare.segments.previewing.see_as import SeeAsView

app_name = "medborgare_segments_admin"

urlpatterns = [
    path(
        "compare/<str:app_label>/<str:model_name>/<str:pk>/",
        CompareView.as_view(),
        name="compare",
    ),
    path("see-as/<int:page_pk>/", SeeAsView.as_view(), name="see_as"),
]
