from django.urls import path

from registry.footage.views import evidence, uploads

urlpatterns = [
    path("requests/<str:token>/give/", uploads.reply_give, name="reply_give"),
    path("requests/<str:token>/files/<uuid:pk>/still/", uploads.reply_still, name="reply_still"),
    path("requests/<str:token>/files/", uploads.reply_files, name="reply_files"),
    path("requests/<str:token>/receipt/", uploads.reply_receipt, name="reply_receipt"),
    path("console/incidents/<uuid:pk>/evidence/", evidence.evidence_list, name="evidence_list"),
    path("console/incidents/<uuid:pk>/replies/", evidence.incident_replies, name="incident_replies"),
    path("console/incidents/<uuid:pk>/hold/", evidence.incident_hold, name="incident_hold"),
    path("console/evidence/<uuid:pk>/place/", evidence.evidence_place, name="evidence_place"),
    path("console/evidence/<uuid:pk>/hold/", evidence.evidence_hold, name="evidence_hold"),
    path("console/evidence/<uuid:pk>/category/", evidence.evidence_category, name="evidence_category"),
    path("console/holds/<uuid:pk>/lift/", evidence.hold_lift, name="hold_lift"),
    path("console/admin/retention/", evidence.retention, name="retention"),
    path("console/admin/retention/new/", evidence.retention_new, name="retention_new"),
    path("console/admin/retention/<uuid:pk>/", evidence.retention_category, name="retention_category"),
    path("console/evidence/<uuid:pk>/", evidence.evidence, name="evidence"),
    path("console/evidence/<uuid:pk>/stream/", evidence.evidence_stream, name="evidence_stream"),
    path("console/evidence/<uuid:pk>/download/", evidence.evidence_download, name="evidence_download"),
    path("uploads/", uploads.upload_create, name="upload_create"),
    path("uploads/<str:key>/", uploads.upload, name="upload"),
    path("uploads/<str:key>/status/", uploads.upload_status, name="upload_status"),
]
