from django.urls import path

from fusus_portal.ground.agency.models import DocumentKind
from fusus_portal.ground.agency.views import public
from fusus_portal.ground.agency.views.console import agency, documents, hub, message_texts, streets

ADDRESSES = {DocumentKind.SHARING: "sharing-agreement"}
"""Addresses of documents if the kind alone is unclear."""

urlpatterns = [
    path("seal/<slug:digest>.png", public.seal, name="seal"),
    path("console/admin/", hub.administration, name="admin"),
    path("console/admin/agency/", agency.agency_data, name="agency_data"),
    path("console/admin/agency/history/", agency.agency_history, name="agency_history"),
    path("console/admin/agency/seal/", agency.agency_seal, name="agency_seal"),
    path("console/admin/agency/<slug:primary>-<slug:accent>.css", agency.preview_css, name="agency_preview_css"),
    path("console/admin/streets/", streets.street_list, name="street_list"),
    path("console/admin/streets/<int:pk>/", streets.street_data, name="street_data"),
    path("console/admin/streets/<int:pk>/progress/", streets.street_progress, name="street_progress"),
    path("console/admin/streets/<int:pk>/use/", streets.street_use, name="street_use"),
    path("console/admin/streets/<int:pk>/discard/", streets.street_discard, name="street_discard"),
    path("console/admin/documents/", documents.document_list, name="document_list"),
    path("console/admin/messages/", message_texts.message_list, name="message_list"),
    path("console/admin/messages/<slug:kind>/", message_texts.message_text, name="message_text"),
    path("console/admin/messages/<slug:kind>/reset/", message_texts.message_reset, name="message_reset"),
]
for kind in DocumentKind:
    address = ADDRESSES.get(kind, kind.value)
    urlpatterns += [
        path(f"{address}/", public.document, {"kind": kind.value}, name=kind.value),
        path(f"{address}/<int:number>/", public.document, {"kind": kind.value}, name=f"{kind}_version"),
        path(f"console/admin/documents/{address}/", documents.document_new, {"kind": kind.value}, name=f"{kind}_new"),
    ]
