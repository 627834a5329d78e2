"""The pages of this room in the administration."""

from django.urls import path

from wagtail_medborgare.core.guide.views import GuideView

app_name = "medborgare_core_admin"

urlpatterns = [
    path("guide/", GuideView.as_view(), name="guide_start"),
    path("guide/<slug:slug>/", GuideView.as_view(), name="guide"),
]
