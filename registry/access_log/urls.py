from django.urls import path

from registry.access_log import views

urlpatterns = [
    path("profile/looks/", views.looks, name="looks"),
    path("profile/looks/copy/", views.looks_copy, name="looks_copy"),
    path("profile/looks/<uuid:camera>/<int:number>/receipt/", views.look_receipt, name="look_receipt"),
    path("profile/notices/", views.notices, name="notices"),
    path("notices/<str:token>/stop/", views.notices_stop, name="notices_stop"),
    path("profile/requests/<uuid:pk>/receipts/", views.own_log_receipts, name="own_log_receipts"),
    path("profile/requests/<uuid:pk>/receipts/<int:place>/", views.own_log_receipt, name="own_log_receipt"),
    path("receipts/<str:token>/", views.log_receipts, name="log_receipts"),
    path("receipts/<str:token>/<int:place>/", views.log_receipt, name="log_receipt"),
    path("console/incidents/<uuid:pk>/delays/", views.look_delays, name="look_delays"),
    path("console/incidents/<uuid:pk>/cameras/<uuid:camera>/delay/", views.look_delay_new, name="look_delay_new"),
    path("console/delays/<uuid:pk>/renew/", views.look_delay_renew, name="look_delay_renew"),
    path("console/delays/<uuid:pk>/end/", views.look_delay_end, name="look_delay_end"),
]
