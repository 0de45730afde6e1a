"""Addresses of residents and businesses."""

from django.urls import path

from registry.views.public import cameras, history, leaving, pictures, places, profile, register, reply

urlpatterns = [
    path("register/", register.start, name="register"),
    path("register/you/", register.you, name="register_you"),
    path("register/place/", register.place, name="register_place"),
    path("register/pin/", register.pin, name="register_pin"),
    path("register/cameras/", register.cameras, name="register_cameras"),
    path("register/meaning/", register.meaning, name="register_meaning"),
    path("register/check/", register.check, name="register_check"),
    path("profile/", profile.profile, name="profile"),
    path("profile/looks/", profile.looks, name="looks"),
    path("profile/contact/", profile.contact, name="contact"),
    path("profile/history/", history.history, name="history"),
    path("profile/places/new/", places.new, name="premises_new"),
    path("profile/places/new/pin/", places.new_pin, name="premises_new_pin"),
    path("profile/places/new/check/", places.new_check, name="premises_new_check"),
    path("profile/places/<uuid:pk>/", places.change, name="premises"),
    path("profile/places/<uuid:pk>/remove/", places.remove, name="premises_remove"),
    path("profile/places/<uuid:pk>/pin/", places.move_pin, name="premises_pin"),
    path("profile/places/<uuid:pk>/cameras/new/", cameras.add, name="camera_new"),
    path("profile/cameras/<uuid:pk>/", cameras.change, name="camera"),
    path("profile/cameras/<uuid:pk>/remove/", cameras.remove, name="camera_remove"),
    path("profile/cameras/<uuid:pk>/pause/", cameras.pause, name="camera_pause"),
    path("profile/cameras/<uuid:pk>/resume/", cameras.resume, name="camera_resume"),
    path("profile/cameras/pause/", cameras.pause_all, name="cameras_pause"),
    path("profile/cameras/resume/", cameras.resume_all, name="cameras_resume"),
    path("profile/cameras/<uuid:pk>/picture/", pictures.picture, name="camera_picture"),
    path("profile/cameras/<uuid:pk>/picture/remove/", pictures.remove, name="camera_picture_remove"),
    path("profile/cameras/<uuid:pk>/picture/file/", pictures.show, name="camera_picture_file"),
    path("profile/requests/<uuid:pk>/", profile.answer, name="answer"),
    path("profile/export/", leaving.export, name="export_data"),
    path("profile/leave/", leaving.leave, name="leave"),
    path("profile/left/", leaving.left, name="left"),
    path("requests/<str:token>/", reply.reply, name="reply"),
    path("requests/<str:token>/footage/", reply.footage, name="reply_footage"),
    path("requests/<str:token>/none/", reply.none, name="reply_none"),
    path("requests/<str:token>/decline/", reply.decline, name="reply_decline"),
]
