from django.urls import path

from wagtail_medborgare.services.try_as.views import TryAsView

app_name = "medborgare_try_as"

urlpatterns = [path("", TryAsView.as_view(), name="index")]
