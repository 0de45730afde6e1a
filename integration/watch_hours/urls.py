from django.urls import path

from integration.watch_hours import views

urlpatterns = [
    path("console/audit/watch-hours/", views.watch_hours, name="watch_hours"),
]
