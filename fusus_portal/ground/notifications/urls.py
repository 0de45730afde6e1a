from django.urls import path

from fusus_portal.ground.notifications import views

urlpatterns = [
    path("texts/inbound/", views.text_inbound, name="text_inbound"),
    path("texts/<uuid:message>/status/", views.text_status, name="text_status"),
]
