from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("fusus_portal.site.urls")),
    path("", include("fusus_portal.ground.accounts.urls")),
    path("", include("fusus_portal.ground.agency.urls")),
    path("", include("fusus_portal.ground.lookup.urls")),
    path("", include("fusus_portal.ground.notifications.urls")),
    path("", include("fusus_portal.ground.push.urls")),
    path("", include("fusus_portal.ground.streets.urls")),
    path("", include("audit.urls")),
    path("", include("registry.urls")),
    path("", include("integration.urls")),
    path("", include("shop.urls")),
    path("", include("fusus_portal.oversight.annual.urls")),
    path("", include("fusus_portal.oversight.figures.urls")),
    path("", include("fusus_portal.oversight.homes.urls")),
    path("", include("fusus_portal.oversight.review.urls")),
]

if apps.is_installed("fusus_portal.demo"):
    urlpatterns.append(path("demo/", include("fusus_portal.demo.urls")))

handler400 = "fusus_portal.ground.access.refusals.unreadable"
handler403 = "fusus_portal.ground.access.refusals.denied"
handler404 = "fusus_portal.ground.access.refusals.not_found"
handler500 = "fusus_portal.ground.access.refusals.broken"
