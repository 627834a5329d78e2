from django.urls import path

from wagtail_medborgare.services import views

app_name = "medborgare_services"

urlpatterns = [
    path("services/<int:service_pk>/dates.ics", views.deadlines, name="deadlines"),
    path("my-dates.ics", views.my_deadlines, name="my_deadlines"),
]
