from django.urls import path

from wagtail_medborgare.segments.previewing.compare import (
    CompareView,
    SavedPreviewView,
)
from wagtail_medborgare.segments.previewing.see_as import SeeAsView

app_name = "medborgare_segments_admin"

urlpatterns = [
    path(
        "compare/<str:app_label>/<str:model_name>/<str:pk>/",
        CompareView.as_view(),
        name="compare",
    ),
    path(
        "compare/<str:app_label>/<str:model_name>/<str:pk>/saved/",
        SavedPreviewView.as_view(),
        name="compare_saved",
    ),
    path("see-as/<int:page_pk>/", SeeAsView.as_view(), name="see_as"),
]
