from django.urls import path

from wagtail_medborgare.segments.who_sees import views

app_name = "medborgare_who_sees"

_MODEL = "<slug:app_label>/<slug:model_name>"

urlpatterns = [
    path(f"{_MODEL}/add/", views.on_add, name="add"),
    path(f"{_MODEL}/add/<int:parent_pk>/", views.on_add_page, name="add_page"),
    path(f"{_MODEL}/<str:pk>/", views.on_edit, name="edit"),
]
