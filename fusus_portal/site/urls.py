"""Addresses of the pages that belong to no app."""

from django.urls import path
from django.views.i18n import set_language

from fusus_portal.site import health, not_open, views

urlpatterns = [
    path("", views.home, name="home"),
    path("how-it-works/", views.how_it_works, name="how_it_works"),
    path("faq/", views.faq, name="faq"),
    path("transparency/", views.transparency, name="transparency"),
    path("theme.css", views.theme_css, name="theme_css"),
    path("language/", set_language, name="set_language"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("ledger/checkpoint", not_open.ledger, name="ledger_checkpoint"),
    path("ledger/tile/<path:rest>", not_open.ledger, name="ledger_tile"),
    path("ledger/key", not_open.ledger, name="ledger_key"),
    path("core/v1/", not_open.device_api, name="device_api"),
    path("core/v1/<path:rest>", not_open.device_api, name="device_api_call"),
    path("payments/webhook/", not_open.payments_webhook, name="payments_webhook"),
]
