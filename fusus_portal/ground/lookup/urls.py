from django.urls import path

from fusus_portal.ground.lookup import views

urlpatterns = [path("console/find/", views.lookup, name="lookup")]
