from django.urls import path
from django.views.i18n import set_language

from fusus_portal.site import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("how-it-works/", views.how_it_works, name="how_it_works"),
    path("faq/", views.faq, name="faq"),
    path("transparency/", views.transparency, name="transparency"),
    path("theme.css", views.theme_css, name="theme_css"),
    path("language/", set_language, name="set_language"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]
