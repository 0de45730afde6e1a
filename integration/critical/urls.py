from django.urls import path

from integration.critical import views

urlpatterns = [
    path("console/incidents/<uuid:pk>/critical/", views.critical, name="critical"),
    path("console/incidents/<uuid:pk>/critical/declare/", views.critical_declare, name="critical_declare"),
    path("console/incidents/<uuid:pk>/critical/glass/", views.glass_ask, name="glass_ask"),
    path("console/declarations/<uuid:pk>/second/", views.declaration_second, name="declaration_second"),
    path("console/declarations/<uuid:pk>/decline/", views.declaration_decline, name="declaration_decline"),
    path("console/declarations/<uuid:pk>/renew/", views.declaration_renew, name="declaration_renew"),
    path("console/declarations/<uuid:pk>/end/", views.declaration_end, name="declaration_end"),
    path("console/declarations/<uuid:pk>/glass/", views.glass_confirm, name="glass_confirm"),
    path("console/declarations/<uuid:pk>/justify/", views.glass_justify, name="glass_justify"),
]
