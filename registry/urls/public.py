"""Addresses of residents and businesses."""

from django.urls import path

from registry.views.public import cameras, elsewhere, leaving, looks, moving, notices, profile, register, reply

urlpatterns = [
    path("register/", register.start, name="register"),
    path("register/start-over/", register.restart, name="register_restart"),
    path("register/you/", register.you, name="register_you"),
    path("register/place/", register.place, name="register_place"),
    path("register/pin/", register.pin, name="register_pin"),
    path("register/cameras/", register.cameras, name="register_cameras"),
    path("register/meaning/", register.meaning, name="register_meaning"),
    path("register/check/", register.check, name="register_check"),
    path("profile/", profile.profile, name="profile"),
    path("profile/looks/", looks.looks, name="looks"),
    path("profile/looks/copy/", looks.copy, name="looks_copy"),
    path("profile/notices/", notices.notices, name="notices"),
    path("notices/<str:token>/stop/", notices.notices_stop, name="notices_stop"),
    path("profile/contact/", profile.contact, name="contact"),
    path("profile/places/<uuid:pk>/pin/", cameras.move_pin, name="premises_pin"),
    path("profile/places/<uuid:pk>/move/", moving.address, name="premises_move"),
    path("profile/places/<uuid:pk>/move/pin/", moving.pin, name="premises_move_pin"),
    path("profile/places/<uuid:pk>/move/check/", moving.check, name="premises_move_check"),
    path("profile/places/<uuid:pk>/move/away/", moving.away, name="premises_move_away"),
    path("profile/moved/", moving.moved, name="moved"),
    path("profile/other-counties/<uuid:pk>/withdraw/", elsewhere.withdraw, name="lead_withdraw"),
    path("profile/places/<uuid:pk>/cameras/new/", cameras.add, name="camera_new"),
    path("profile/cameras/<uuid:pk>/", cameras.change, name="camera"),
    path("profile/cameras/<uuid:pk>/remove/", cameras.remove, name="camera_remove"),
    path("profile/requests/<uuid:pk>/", profile.answer, name="answer"),
    path("profile/export/", leaving.export, name="export_data"),
    path("profile/leave/", leaving.leave, name="leave"),
    path("profile/left/", leaving.left, name="left"),
    path("requests/<str:token>/", reply.reply, name="reply"),
    path("requests/<str:token>/footage/", reply.footage, name="reply_footage"),
    path("requests/<str:token>/none/", reply.none, name="reply_none"),
    path("requests/<str:token>/decline/", reply.decline, name="reply_decline"),
]
