from django.urls import path

from . import views

urlpatterns = [
    path("places/suggest/", views.suggest, name="suggest_places"),
    path("places/around/", views.around, name="around_place"),
    path("maps/<str:name>", views.street_map, name="street_map"),
    path("console/admin/streets/", views.street_list, name="street_list"),
    path("console/admin/streets/<int:pk>/", views.street_data, name="street_data"),
    path("console/admin/streets/<int:pk>/progress/", views.street_progress, name="street_progress"),
    path("console/admin/streets/<int:pk>/use/", views.street_use, name="street_use"),
    path("console/admin/streets/<int:pk>/discard/", views.street_discard, name="street_discard"),
]
