from django.urls import path

from registry.canvasses.views import approvals, calls, canvasses, own_requests, purposes, reply

urlpatterns = [
    path("profile/requests/", own_requests.own_requests, name="own_requests"),
    path("profile/requests/<uuid:pk>/", own_requests.own_request, name="own_request"),
    path("profile/requests/<uuid:pk>/answer/", own_requests.answer, name="answer"),
    path("profile/requests/<uuid:pk>/receipt/", own_requests.own_receipt, name="own_receipt"),
    path("requests/<str:token>/", reply.reply, name="reply"),
    path("requests/<str:token>/footage/", reply.footage, name="reply_footage"),
    path("requests/<str:token>/none/", reply.none, name="reply_none"),
    path("requests/<str:token>/decline/", reply.decline, name="reply_decline"),
    path("console/incidents/new/", calls.incident_new, name="incident_new"),
    path("console/incidents/<uuid:pk>/canvasses/new/", canvasses.canvass_new, name="canvass_new"),
    path("console/canvasses/<uuid:pk>/", canvasses.canvass, name="canvass"),
    path("console/canvasses/<uuid:pk>/sheet/", canvasses.canvass_sheet, name="canvass_sheet"),
    path("console/canvasses/<uuid:pk>/doors/<uuid:place>/", canvasses.canvass_door, name="canvass_door"),
    path("console/canvasses/<uuid:pk>/change/", canvasses.canvass_change, name="canvass_change"),
    path("console/canvasses/<uuid:pk>/leave-out/", canvasses.canvass_leave_out, name="canvass_leave_out"),
    path("console/canvasses/<uuid:pk>/put-back/", canvasses.canvass_put_back, name="canvass_put_back"),
    path("console/canvasses/<uuid:pk>/ask-approval/", approvals.canvass_ask_approval, name="canvass_ask_approval"),
    path("console/canvasses/<uuid:pk>/approval/", approvals.canvass_approval, name="canvass_approval"),
    path("console/canvasses/<uuid:pk>/withdraw/", canvasses.canvass_withdraw, name="canvass_withdraw"),
    path("console/canvasses/<uuid:pk>/send/", canvasses.canvass_send, name="canvass_send"),
    path("console/canvasses/<uuid:pk>/close/", canvasses.canvass_close, name="canvass_close"),
    path("console/canvasses/<uuid:pk>/replies/", canvasses.canvass_replies, name="canvass_replies"),
    path("console/admin/purposes/", purposes.purposes, name="purposes"),
    path("console/admin/purposes/<uuid:pk>/", purposes.purpose, name="purpose"),
    path("console/admin/purposes/<uuid:pk>/retire/", purposes.purpose_retire, name="purpose_retire"),
    path("console/admin/purposes/<uuid:pk>/restore/", purposes.purpose_restore, name="purpose_restore"),
]
