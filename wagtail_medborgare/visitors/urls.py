from django.urls import path

from wagtail_medborgare.visitors import views

app_name = "medborgare_visitors"

urlpatterns = [
    path("choices/", views.choices, name="choices"),
    path("choose/", views.choose, name="choose"),
    path("add/", views.add, name="add"),
    path("remove/", views.remove, name="remove"),
    path("save/", views.save, name="save"),
    path("unsave/", views.unsave, name="unsave"),
    path("dismiss/", views.dismiss, name="dismiss"),
    path("restore/", views.restore, name="restore"),
    path("forget/", views.forget, name="forget"),
    path("leave/", views.leave, name="leave"),
]
