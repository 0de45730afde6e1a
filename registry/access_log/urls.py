from django.urls import path

from registry.access_log.views import delays, looks, notices, receipts

urlpatterns = [
    path("profile/looks/", looks.looks, name="looks"),
    path("profile/looks/copy/", looks.copy, name="looks_copy"),
    path("profile/looks/<uuid:camera>/<int:number>/receipt/", receipts.look_receipt, name="look_receipt"),
    path("profile/notices/", notices.notices, name="notices"),
    path("notices/<str:token>/stop/", notices.notices_stop, name="notices_stop"),
    path("profile/requests/<uuid:pk>/receipts/", receipts.own_log_receipts, name="own_log_receipts"),
    path("profile/requests/<uuid:pk>/receipts/<int:place>/", receipts.own_log_receipt, name="own_log_receipt"),
    path("receipts/<str:token>/", receipts.log_receipts, name="log_receipts"),
    path("receipts/<str:token>/<int:place>/", receipts.log_receipt, name="log_receipt"),
    path("console/incidents/<uuid:pk>/delays/", delays.look_delays, name="look_delays"),
    path("console/incidents/<uuid:pk>/cameras/<uuid:camera>/delay/", delays.look_delay_new, name="look_delay_new"),
    path("console/delays/<uuid:pk>/renew/", delays.look_delay_renew, name="look_delay_renew"),
    path("console/delays/<uuid:pk>/end/", delays.look_delay_end, name="look_delay_end"),
]
