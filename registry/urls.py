from django.urls import include, path

from registry.apps import NOUNS

urlpatterns = [path("", include(f"registry.{noun}.urls")) for noun in (*NOUNS, "access_log")]
