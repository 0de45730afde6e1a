from django.urls import path

from integration.live import views

urlpatterns = [
    path("profile/devices/<uuid:pk>/cameras/<uuid:behind>/now/", views.device_snapshot, name="device_snapshot"),
    path(
        "profile/devices/<uuid:pk>/cameras/<uuid:behind>/now/picture/",
        views.device_snapshot_file,
        name="device_snapshot_file",
    ),
    path("console/live/", views.live, name="live"),
    path("console/live/now/", views.live_now, name="live_now"),
    path("console/incidents/<uuid:pk>/live/", views.incident_live, name="incident_live"),
    path("console/incidents/<uuid:pk>/live/start/", views.live_start, name="live_start"),
    path("console/incidents/<uuid:pk>/live/watch/", views.live_watch, name="live_watch"),
    path("console/incidents/<uuid:pk>/live/watch/state/", views.live_state, name="live_state"),
    path("console/incidents/<uuid:pk>/live/watch/leave/", views.live_leave, name="live_leave"),
    path("console/live/<uuid:grant>/playlist.m3u8", views.live_playlist, name="live_playlist"),
    path("console/live/<uuid:grant>/<int:number>.ts", views.live_segment, name="live_segment"),
    path("console/live/<uuid:grant>/extend/", views.live_extend, name="live_extend"),
    path("console/live/<uuid:grant>/again/", views.live_again, name="live_again"),
    path("console/live/<uuid:grant>/end/", views.live_end, name="live_end"),
    path("console/live/<uuid:grant>/stop/", views.live_stop, name="live_stop"),
]
