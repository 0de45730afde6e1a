"""A real RTSP server (GStreamer's), which `tests.peers.cameras` starts with the Python of the system: that one has gi.

It serves /h264 and /h265, for one user and password by digest (RFC 2326, RFC 2617). Each line of its standard input
changes it: `scene NAME` what the cameras film, `password WORD` what they ask for, `most NUMBER` how many may watch at
once. Every viewer is cut off then, as by a camera that starts again. It says its port, and after each line "done".
"""

import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402  (the versions come first)

USER, ROLE = "viewer", "viewer"
SIZE = "video/x-raw,width=640,height=360,framerate=10/1"
NOISE = "videotestsrc is-live=true pattern=snow"
SCENES = {
    "street": "videotestsrc is-live=true pattern=zone-plate kx2=4 ky2=4 kt=1",
    "black": "videotestsrc is-live=true pattern=black",
    "frozen": "videotestsrc is-live=true pattern=zone-plate kx2=4 ky2=4",
    "covered": f"{NOISE} ! videobalance contrast=0.05 brightness=0.2",
}
"""Scenes for the cameras to film. A hand before a camera leaves a dark gray with the noise of the sensor."""

CODED = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 bitrate=800 ! rtph264pay name=pay0 pt=96",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=10 bitrate=800 ! rtph265pay name=pay0 pt=96",
}


def main() -> None:
    """Serve until standard input ends."""
    Gst.init(None)
    server = GstRtspServer.RTSPServer(address="127.0.0.1", service="0")
    show(server, "street")
    ask_for(server, sys.argv[1])
    server.attach(None)
    say(str(server.get_bound_port()))
    loop = GLib.MainLoop()
    threading.Thread(target=listen, args=(server, loop), daemon=True).start()
    loop.run()


def show(server: GstRtspServer.RTSPServer, scene: str) -> None:
    """Let every camera film a scene."""
    for name, coded in CODED.items():
        factory = GstRtspServer.RTSPMediaFactory(shared=True)
        factory.set_launch(f"( {SCENES[scene]} ! videoconvert ! {SIZE},format=I420 ! {coded} config-interval=1 )")
        access = GstRtspServer.RTSPPermissions()
        access.add_permission_for_role(ROLE, "media.factory.access", True)
        access.add_permission_for_role(ROLE, "media.factory.construct", True)
        factory.set_permissions(access)
        server.get_mount_points().add_factory(f"/{name}", factory)


def ask_for(server: GstRtspServer.RTSPServer, password: str) -> None:
    """Let in programs that know this password."""
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    auth.add_digest(USER, password, token)
    server.set_auth(auth)


def let_in(server: GstRtspServer.RTSPServer, most: str) -> None:
    """Let so many programs watch at once, 0 for any number. One more is answered "503 Service Unavailable"."""
    server.get_session_pool().set_max_sessions(int(most))


def listen(server: GstRtspServer.RTSPServer, loop: GLib.MainLoop) -> None:
    """Do what each line says, in the loop of the server."""
    for line in sys.stdin:
        word, _space, value = line.strip().partition(" ")
        GLib.idle_add(change, server, word, value)
    loop.quit()


def change(server: GstRtspServer.RTSPServer, word: str, value: str) -> bool:
    """Change the server, and cut every viewer off."""
    {"scene": show, "password": ask_for, "most": let_in}[word](server, value)
    server.client_filter(lambda _server, _client: GstRtspServer.RTSPFilterResult.REMOVE)
    server.get_session_pool().filter(lambda _pool, _session: GstRtspServer.RTSPFilterResult.REMOVE)
    say("done")
    return False


def say(line: str) -> None:
    """Say a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
