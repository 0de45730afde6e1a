from django.urls import path

from registry.canvasses import views

urlpatterns = [
    path("profile/requests/", views.own_requests, name="own_requests"),
    path("profile/requests/<uuid:pk>/", views.own_request, name="own_request"),
    path("profile/requests/<uuid:pk>/answer/", views.own_answer, name="answer"),
    path("profile/requests/<uuid:pk>/receipt/", views.own_receipt, name="own_receipt"),
    path("requests/<str:token>/", views.reply, name="reply"),
    path("requests/<str:token>/footage/", views.reply_footage, name="reply_footage"),
    path("requests/<str:token>/none/", views.reply_none, name="reply_none"),
    path("requests/<str:token>/decline/", views.reply_decline, name="reply_decline"),
    path("console/incidents/new/", views.incident_new, name="incident_new"),
    path("console/incidents/<uuid:pk>/canvasses/new/", views.canvass_new, name="canvass_new"),
    path("console/canvasses/<uuid:pk>/", views.canvass, name="canvass"),
    path("console/canvasses/<uuid:pk>/sheet/", views.canvass_sheet, name="canvass_sheet"),
    path("console/canvasses/<uuid:pk>/doors/<uuid:place>/", views.canvass_door, name="canvass_door"),
    path("console/canvasses/<uuid:pk>/change/", views.canvass_change, name="canvass_change"),
    path("console/canvasses/<uuid:pk>/leave-out/", views.canvass_leave_out, name="canvass_leave_out"),
    path("console/canvasses/<uuid:pk>/put-back/", views.canvass_put_back, name="canvass_put_back"),
    path("console/canvasses/<uuid:pk>/ask-approval/", views.canvass_ask_approval, name="canvass_ask_approval"),
    path("console/canvasses/<uuid:pk>/approval/", views.canvass_approval, name="canvass_approval"),
    path("console/canvasses/<uuid:pk>/withdraw/", views.canvass_withdraw, name="canvass_withdraw"),
    path("console/canvasses/<uuid:pk>/send/", views.canvass_send, name="canvass_send"),
    path("console/canvasses/<uuid:pk>/close/", views.canvass_close, name="canvass_close"),
    path("console/canvasses/<uuid:pk>/replies/", views.canvass_replies, name="canvass_replies"),
    path("console/admin/purposes/", views.purposes, name="purposes"),
    path("console/admin/purposes/<uuid:pk>/", views.purpose, name="purpose"),
    path("console/admin/purposes/<uuid:pk>/retire/", views.purpose_retire, name="purpose_retire"),
    path("console/admin/purposes/<uuid:pk>/restore/", views.purpose_restore, name="purpose_restore"),
]
