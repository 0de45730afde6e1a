from django.urls import path

from fusus_portal.ground.agency import views
from fusus_portal.ground.agency.models import DocumentKind

ADDRESSES = {DocumentKind.SHARING: "sharing-agreement"}
"""Addresses of documents whose kind alone is unclear, such as "sharing"."""

urlpatterns = [
    path("seal/<slug:digest>.png", views.seal, name="seal"),
    path("console/admin/", views.administration, name="admin"),
    path("console/admin/needs/", views.portal_needs, name="portal_needs"),
    path("console/admin/agency/", views.agency_data, name="agency_data"),
    path("console/admin/agency/history/", views.agency_history, name="agency_history"),
    path("console/admin/agency/seal/", views.agency_seal, name="agency_seal"),
    path("console/admin/agency/<slug:primary>-<slug:accent>.css", views.preview_css, name="agency_preview_css"),
    path("console/admin/documents/", views.document_list, name="document_list"),
    path("console/admin/messages/", views.message_list, name="message_list"),
    path("console/admin/messages/<slug:kind>/", views.message_text, name="message_text"),
    path("console/admin/messages/<slug:kind>/reset/", views.message_reset, name="message_reset"),
]
for kind in DocumentKind:
    address = ADDRESSES.get(kind, kind.value)
    urlpatterns += [
        path(f"{address}/", views.document, {"kind": kind.value}, name=kind.value),
        path(f"{address}/<int:number>/", views.document, {"kind": kind.value}, name=f"{kind}_version"),
        path(f"console/admin/documents/{address}/", views.document_new, {"kind": kind.value}, name=f"{kind}_new"),
    ]
