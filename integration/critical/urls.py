from django.urls import path

from integration.critical.views import break_glass, declarations

urlpatterns = [
    path("console/incidents/<uuid:pk>/critical/", declarations.critical, name="critical"),
    path("console/incidents/<uuid:pk>/critical/declare/", declarations.critical_declare, name="critical_declare"),
    path("console/incidents/<uuid:pk>/critical/glass/", break_glass.glass_ask, name="glass_ask"),
    path("console/declarations/<uuid:pk>/second/", declarations.declaration_second, name="declaration_second"),
    path("console/declarations/<uuid:pk>/decline/", declarations.declaration_decline, name="declaration_decline"),
    path("console/declarations/<uuid:pk>/renew/", declarations.declaration_renew, name="declaration_renew"),
    path("console/declarations/<uuid:pk>/end/", declarations.declaration_end, name="declaration_end"),
    path("console/declarations/<uuid:pk>/glass/", break_glass.glass_confirm, name="glass_confirm"),
    path("console/declarations/<uuid:pk>/justify/", break_glass.glass_justify, name="glass_justify"),
]
