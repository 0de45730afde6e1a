from django.urls import include, path

urlpatterns = [path("", include("audit.console.urls"))]
