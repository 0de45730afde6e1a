from django.urls import path

from registry.places import views

MISSING = "console/admin/streets/missing/"

urlpatterns = [
    path("profile/places/new/", views.place_new, name="premises_new"),
    path("profile/places/new/pin/", views.place_new_pin, name="premises_new_pin"),
    path("profile/places/new/check/", views.place_new_check, name="premises_new_check"),
    path("profile/places/<uuid:pk>/", views.place_change, name="premises"),
    path("profile/places/<uuid:pk>/pin/", views.place_pin, name="premises_pin"),
    path("profile/places/<uuid:pk>/cameras/new/", views.camera_new, name="camera_new"),
    path("profile/cameras/<uuid:pk>/", views.camera_change, name="camera"),
    path("profile/cameras/<uuid:pk>/remove/", views.camera_remove, name="camera_remove"),
    path("profile/cameras/<uuid:pk>/pause/", views.camera_pause, name="camera_pause"),
    path("profile/cameras/<uuid:pk>/resume/", views.camera_resume, name="camera_resume"),
    path("profile/cameras/pause/", views.cameras_pause, name="cameras_pause"),
    path("profile/cameras/resume/", views.cameras_resume, name="cameras_resume"),
    path("profile/cameras/<uuid:pk>/picture/", views.camera_picture, name="camera_picture"),
    path("profile/cameras/<uuid:pk>/picture/remove/", views.camera_picture_remove, name="camera_picture_remove"),
    path("profile/cameras/<uuid:pk>/picture/file/", views.camera_picture_file, name="camera_picture_file"),
    path(MISSING, views.missing_addresses, name="missing_addresses"),
    path(f"{MISSING}<uuid:pk>/", views.missing_address, name="missing_address"),
    path(f"{MISSING}<uuid:pk>/add/", views.missing_address_add, name="missing_address_add"),
    path(f"{MISSING}<uuid:pk>/accept/", views.missing_address_accept, name="missing_address_accept"),
    path(f"{MISSING}added/<int:pk>/", views.added_address_take_out, name="added_address_take_out"),
]
