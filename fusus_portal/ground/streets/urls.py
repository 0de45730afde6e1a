from django.urls import path

from . import views

urlpatterns = [
    path("places/suggest/", views.suggest, name="suggest_places"),
    path("maps/<str:name>", views.street_map, name="street_map"),
]
