from django.urls import path

from fusus_portal.oversight.homes import views

urlpatterns = [
    path("console/admin/people/<uuid:account_id>/home/", views.home_area, name="home_area"),
    path("console/admin/people/<uuid:account_id>/home/remove/", views.home_area_remove, name="home_area_remove"),
]
