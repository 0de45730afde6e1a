from django.urls import path

from registry.limits import views

urlpatterns = [
    path("console/admin/limits/", views.limits_page, name="limits"),
    path("console/admin/limits/history/", views.limits_history, name="limits_history"),
]
