from django.urls import path

from registry.joins import views

urlpatterns = [
    path("console/join/", views.join, name="join"),
    path("console/incidents/<uuid:pk>/joins/<uuid:question>/admit/", views.join_admit, name="join_admit"),
    path("console/incidents/<uuid:pk>/joins/<uuid:question>/decline/", views.join_decline, name="join_decline"),
]
