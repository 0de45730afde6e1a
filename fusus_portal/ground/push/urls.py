"""Addresses of push notices. The service worker's scope is its folder, which has no page."""

from django.urls import path

from fusus_portal.ground.push import views

urlpatterns = [
    path("account/notices/", views.push, name="push"),
    path("account/notices/on/", views.push_on, name="push_on"),
    path("account/notices/off/", views.push_off, name="push_off"),
    path("account/notices/script/worker.js", views.push_worker, name="push_worker"),
]
