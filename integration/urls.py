"""Addresses of the device API, of clerks' pages about COREs, and of a business's own."""

from django.urls import path

from integration.views import device, device_clips, device_snapshots, device_streams
from integration.views.console import clips as console_clips
from integration.views.console import core_models, cores, critical, glass, live, watch_hours, watching
from integration.views.public import agreements, clips, devices, live_report, sharing, snapshots

urlpatterns = [
    path("core/v1/activate", device.activate, name="core_activate"),
    path("core/v1/token", device.token, name="core_token"),
    path("core/v1/poll", device.poll, name="core_poll"),
    path("core/v1/health", device.report_health, name="core_health"),
    path("core/v1/cameras", device.cameras, name="core_cameras"),
    path("core/v1/snapshots/<uuid:snapshot>", device_snapshots.snapshot, name="core_snapshot"),
    path("core/v1/streams/<uuid:stream>/<str:name>", device_streams.stream, name="core_stream"),
    path("core/v1/clips/<uuid:clip>", device_clips.clip, name="core_clip"),
    path("core/v1/clips/<uuid:clip>/none", device_clips.no_clip, name="core_no_clip"),
    path("core/v1/openapi.json", device.openapi, name="core_openapi"),
    path("core/v1/", device.nothing_here, name="device_api"),
    path("core/v1/<path:rest>", device.nothing_here, name="device_api_call"),
]

urlpatterns += [
    path("transparency/live-view.csv", live_report.live_report_file, name="live_report_file"),
    path("profile/clips/", clips.own_clips, name="own_clips"),
    path("profile/clips/<uuid:pk>/", clips.own_clip, name="own_clip"),
    path("profile/sharing/", sharing.own_sharing, name="own_sharing"),
    path("profile/sharing/pause/", sharing.pause, name="sharing_pause"),
    path("profile/sharing/resume/", sharing.resume, name="sharing_resume"),
    path("profile/sharing/history/", sharing.history, name="sharing_history"),
    path("profile/sharing/agreement/", agreements.sign, name="sharing_sign"),
    path("profile/sharing/agreement/<uuid:pk>/revoke/", agreements.revoke, name="sharing_revoke"),
    path("profile/sharing/agreement/<uuid:pk>/file/", agreements.paper, name="sharing_paper"),
    path("profile/sharing/agreement/<uuid:pk>/end/", agreements.end_paper, name="sharing_end_paper"),
    path("profile/sharing/<uuid:pk>/", sharing.rule, name="sharing_rule"),
    path("profile/sharing/<uuid:pk>/now/", sharing.share_now, name="share_now"),
    path("profile/sharing/<uuid:pk>/stop/", sharing.stop_sharing, name="stop_sharing"),
]

urlpatterns += [
    path("console/incidents/<uuid:pk>/clips/", console_clips.incident_clips, name="incident_clips"),
    path("console/incidents/<uuid:pk>/clips/<uuid:camera>/", console_clips.clip_ask, name="clip_ask"),
    path("console/audit/watch-hours/", watch_hours.watch_hours, name="watch_hours"),
    path("console/admin/core-models/", core_models.core_models, name="core_models"),
    path("console/admin/core-models/<uuid:pk>/", core_models.core_model, name="core_model"),
    path("console/admin/core-models/<uuid:pk>/retire/", core_models.core_model_retire, name="core_model_retire"),
    path("console/fulfilment/cores/", cores.core_list, name="cores"),
    path("console/fulfilment/cores/receive/", cores.core_receive, name="core_receive"),
    path("console/fulfilment/cores/<uuid:pk>/", cores.core, name="core"),
    path("console/fulfilment/cores/<uuid:pk>/allocate/", cores.core_allocate, name="core_allocate"),
    path("console/fulfilment/cores/<uuid:pk>/wipe/", cores.core_wipe, name="core_wipe"),
    path("console/fulfilment/cores/<uuid:pk>/place/", cores.core_place, name="core_place"),
    path("console/fulfilment/cores/<uuid:pk>/replace/", cores.core_replace, name="core_replace"),
    path("console/fulfilment/cores/<uuid:pk>/<slug:act>/", cores.core_act, name="core_act"),
    path("profile/devices/", devices.devices, name="devices"),
    path("profile/devices/<uuid:pk>/", devices.device, name="device"),
    path("profile/devices/<uuid:pk>/connect/", devices.device_connect, name="device_connect"),
    path("profile/devices/<uuid:pk>/place/", devices.device_place, name="device_place"),
    path("profile/devices/<uuid:pk>/return/", devices.device_return, name="device_return"),
    path(
        "profile/devices/<uuid:pk>/cameras/<uuid:behind>/disconnect/",
        devices.device_disconnect,
        name="device_disconnect",
    ),
    path("profile/devices/<uuid:pk>/cameras/<uuid:behind>/now/", snapshots.snapshot, name="device_snapshot"),
    path(
        "profile/devices/<uuid:pk>/cameras/<uuid:behind>/now/picture/",
        snapshots.snapshot_file,
        name="device_snapshot_file",
    ),
]

urlpatterns += [
    path("console/live/", live.live, name="live"),
    path("console/incidents/<uuid:pk>/live/", live.incident_live, name="incident_live"),
    path("console/incidents/<uuid:pk>/live/<uuid:camera>/start/", live.live_start, name="live_start"),
    path("console/incidents/<uuid:pk>/critical/", critical.critical, name="critical"),
    path("console/incidents/<uuid:pk>/critical/declare/", critical.critical_declare, name="critical_declare"),
    path("console/incidents/<uuid:pk>/critical/glass/", glass.glass_ask, name="glass_ask"),
    path("console/declarations/<uuid:pk>/second/", critical.declaration_second, name="declaration_second"),
    path("console/declarations/<uuid:pk>/decline/", critical.declaration_decline, name="declaration_decline"),
    path("console/declarations/<uuid:pk>/renew/", critical.declaration_renew, name="declaration_renew"),
    path("console/declarations/<uuid:pk>/end/", critical.declaration_end, name="declaration_end"),
    path("console/declarations/<uuid:pk>/glass/", glass.glass_confirm, name="glass_confirm"),
    path("console/declarations/<uuid:pk>/justify/", glass.glass_justify, name="glass_justify"),
    path("console/incidents/<uuid:pk>/live/watch/", watching.watch, name="live_watch"),
    path("console/incidents/<uuid:pk>/live/watch/state/", watching.state, name="live_state"),
    path("console/incidents/<uuid:pk>/live/watch/leave/", watching.leave, name="live_leave"),
    path("console/live/<uuid:grant>/playlist.m3u8", watching.playlist, name="live_playlist"),
    path("console/live/<uuid:grant>/<int:number>.ts", watching.segment, name="live_segment"),
    path("console/live/<uuid:grant>/extend/", watching.extend, name="live_extend"),
    path("console/live/<uuid:grant>/end/", watching.end, name="live_end"),
    path("console/live/<uuid:grant>/stop/", live.live_stop, name="live_stop"),
]
