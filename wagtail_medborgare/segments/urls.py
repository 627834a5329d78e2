from django.urls import path

from wagtail_medborgare.segments import views

app_name = "medborgare_segments"

urlpatterns = [
    path("pages/<int:page_pk>/", views.personal_page, name="personal_page"),
    path("pages/<int:page_pk>/parts/", views.personal_parts, name="personal_parts"),
]
