from django.urls import path

from registry.coverage import views

urlpatterns = [path("console/coverage/", views.coverage, name="coverage")]
