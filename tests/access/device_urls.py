"""The rows of addresses about COREs. See `urls`."""

from tests.access.who import ADMINISTRATOR, BUSINESS, CLERK, EVERYONE, Row

DEVICES: dict[str, Row] = {
    "core_activate": Row(EVERYONE),
    "core_token": Row(EVERYONE),
    "core_poll": Row(EVERYONE),
    "core_health": Row(EVERYONE),
    "core_cameras": Row(EVERYONE),
    "core_snapshot": Row(EVERYONE),
    "core_openapi": Row(EVERYONE),
    "device_api": Row(EVERYONE),
    "device_api_call": Row(EVERYONE),
    "devices": Row(BUSINESS),
    "device": Row(BUSINESS),
    "device_connect": Row(BUSINESS),
    "device_place": Row(BUSINESS),
    "device_return": Row(BUSINESS),
    "device_disconnect": Row(BUSINESS),
    "device_snapshot": Row(BUSINESS),
    "device_snapshot_file": Row(BUSINESS),
    "cores": Row(CLERK),
    "core_receive": Row(CLERK),
    "core": Row(CLERK),
    "core_allocate": Row(CLERK),
    "core_place": Row(CLERK),
    "core_wipe": Row(CLERK),
    "core_replace": Row(CLERK),
    "core_act": Row(CLERK),
    "core_models": Row(ADMINISTRATOR),
    "core_model": Row(ADMINISTRATOR),
    "core_model_retire": Row(ADMINISTRATOR),
}
