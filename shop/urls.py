from django.urls import include, path

from shop.apps import NOUNS

urlpatterns = [path("", include(f"shop.{noun}.urls")) for noun in NOUNS]
