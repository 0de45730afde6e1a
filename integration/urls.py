from django.urls import include, path

from integration.apps import NOUNS

urlpatterns = [path("", include(f"integration.{noun}.urls")) for noun in ("device_api", *NOUNS)]
