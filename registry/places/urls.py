from django.urls import path

from registry.places.views import cameras, missing_addresses, places, snapshots

MISSING = "console/admin/streets/missing/"

urlpatterns = [
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
    path("profile/cameras/<uuid:pk>/picture/", snapshots.picture, name="camera_picture"),
    path("profile/cameras/<uuid:pk>/picture/remove/", snapshots.remove, name="camera_picture_remove"),
    path("profile/cameras/<uuid:pk>/picture/file/", snapshots.show, name="camera_picture_file"),
    path(MISSING, missing_addresses.missing_addresses, name="missing_addresses"),
    path(f"{MISSING}<uuid:pk>/", missing_addresses.missing_address, name="missing_address"),
    path(f"{MISSING}<uuid:pk>/add/", missing_addresses.missing_address_add, name="missing_address_add"),
    path(f"{MISSING}<uuid:pk>/accept/", missing_addresses.missing_address_accept, name="missing_address_accept"),
    path(f"{MISSING}added/<int:pk>/", missing_addresses.added_address_take_out, name="added_address_take_out"),
]
