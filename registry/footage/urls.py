from django.urls import path

from registry.footage.views import files, own_files, replies, retention, stream, uploads

urlpatterns = [
    path("requests/<str:token>/give/", own_files.reply_give, name="reply_give"),
    path("requests/<str:token>/files/<uuid:pk>/still/", own_files.reply_still, name="reply_still"),
    path("requests/<str:token>/files/", own_files.reply_files, name="reply_files"),
    path("requests/<str:token>/receipt/", own_files.reply_receipt, name="reply_receipt"),
    path("console/incidents/<uuid:pk>/evidence/", files.evidence_list, name="evidence_list"),
    path("console/incidents/<uuid:pk>/replies/", replies.incident_replies, name="incident_replies"),
    path("console/incidents/<uuid:pk>/hold/", retention.incident_hold, name="incident_hold"),
    path("console/evidence/<uuid:pk>/place/", replies.evidence_place, name="evidence_place"),
    path("console/evidence/<uuid:pk>/hold/", retention.evidence_hold, name="evidence_hold"),
    path("console/evidence/<uuid:pk>/category/", retention.evidence_category, name="evidence_category"),
    path("console/holds/<uuid:pk>/lift/", retention.hold_lift, name="hold_lift"),
    path("console/admin/retention/", retention.retention, name="retention"),
    path("console/admin/retention/new/", retention.retention_new, name="retention_new"),
    path("console/admin/retention/<uuid:pk>/", retention.retention_category, name="retention_category"),
    path("console/evidence/<uuid:pk>/", files.evidence, name="evidence"),
    path("console/evidence/<uuid:pk>/stream/", stream.evidence_stream, name="evidence_stream"),
    path("console/evidence/<uuid:pk>/download/", stream.evidence_download, name="evidence_download"),
    path("uploads/", uploads.upload_create, name="upload_create"),
    path("uploads/<str:key>/", uploads.upload, name="upload"),
    path("uploads/<str:key>/status/", uploads.upload_status, name="upload_status"),
]
