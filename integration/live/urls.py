from django.urls import path

from integration.live.views import live, snapshots, watch

urlpatterns = [
    path("profile/devices/<uuid:pk>/cameras/<uuid:behind>/now/", snapshots.snapshot, name="device_snapshot"),
    path(
        "profile/devices/<uuid:pk>/cameras/<uuid:behind>/now/picture/",
        snapshots.snapshot_file,
        name="device_snapshot_file",
    ),
    path("console/live/", live.live, name="live"),
    path("console/live/now/", live.live_now, name="live_now"),
    path("console/incidents/<uuid:pk>/live/", live.incident_live, name="incident_live"),
    path("console/incidents/<uuid:pk>/live/start/", live.live_start, name="live_start"),
    path("console/incidents/<uuid:pk>/live/watch/", watch.watch, name="live_watch"),
    path("console/incidents/<uuid:pk>/live/watch/state/", watch.state, name="live_state"),
    path("console/incidents/<uuid:pk>/live/watch/leave/", watch.leave, name="live_leave"),
    path("console/live/<uuid:grant>/playlist.m3u8", watch.playlist, name="live_playlist"),
    path("console/live/<uuid:grant>/<int:number>.ts", watch.segment, name="live_segment"),
    path("console/live/<uuid:grant>/extend/", watch.extend, name="live_extend"),
    path("console/live/<uuid:grant>/again/", watch.again, name="live_again"),
    path("console/live/<uuid:grant>/end/", watch.end, name="live_end"),
    path("console/live/<uuid:grant>/stop/", live.live_stop, name="live_stop"),
]
