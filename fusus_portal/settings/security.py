"""Headers, cookies and the content policy, which allows nothing from other sites and nothing inline."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from fusus_portal.ground import env

HOURS = 60 * 60

MAP_TILE_URL = env.text("MAP_TILE_URL")
MAP_TILE_ATTRIBUTION = env.text("MAP_TILE_ATTRIBUTION")


def tile_hosts(url: str) -> list[str]:
    """Return the origin of the map tiles' address, [] for "". Raises Misconfigured for one that is not https."""
    if not url:
        return []
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.netloc or "{" in parts.netloc:
        hint = "Write one https address such as https://tiles.example/{z}/{x}/{y}.png"
        raise env.Misconfigured("MAP_TILE_URL", f"is {url!r}", hint)
    return [f"https://{parts.netloc}"]


def live_relays() -> list[str]:
    """Return the addresses of the relays of live video, by number. []: video comes by HLS, a few seconds late."""
    return [address.rstrip("/") for address in env.words("LIVE_RELAYS")]


def live_receivers() -> list[str]:
    """Return the addresses of the relays for COREs; [] if a proxy tells COREs from viewers. Raises Misconfigured."""
    addresses = [address.rstrip("/") for address in env.words("LIVE_RECEIVERS")]
    if addresses and len(addresses) != len(live_relays()):
        raise env.Misconfigured(
            "LIVE_RECEIVERS", "names more or fewer than LIVE_RELAYS", "Name one for each, in order."
        )
    return addresses


def origins_of_relays() -> list[str]:
    """Return the origin of each relay, without repeats. Raises Misconfigured for an address that is no web address."""
    parts = [urlsplit(address) for address in live_relays()]
    if wrong := [each for each in parts if each.scheme not in {"http", "https"} or not each.netloc]:
        hint = "Write addresses such as https://portal.example/relay/0, with commas."
        raise env.Misconfigured("LIVE_RELAYS", f"names {wrong[0].geturl()!r}", hint)
    return list(dict.fromkeys(f"{each.scheme}://{each.netloc}" for each in parts))


def content_policy(*, payment_pages: Sequence[str] = ()) -> dict[str, dict[str, list[str]]]:
    """Return the content policy. payment_pages: pages to which the form "pay" redirects; browsers check these too."""
    return {
        "DIRECTIVES": {
            "default-src": [SELF],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF, "data:", "blob:", *tile_hosts(MAP_TILE_URL)],
            "media-src": [SELF, "blob:"],
            "connect-src": [SELF, *origins_of_relays()],
            "font-src": [SELF],
            "object-src": [NONE],
            "base-uri": [NONE],
            "form-action": [SELF, *payment_pages],
            "frame-ancestors": [NONE],
        },
    }


LIVE_RELAYS = live_relays()
LIVE_RECEIVERS = live_receivers()
CONTENT_SECURITY_POLICY = content_policy()

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SESSION_ENGINE = "fusus_portal.ground.access.session_rows"
SESSION_COOKIE_AGE = 12 * HOURS  # sign in again every 12 hours (CJIS IA-11)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

FILE_UPLOAD_HANDLERS = [
    "fusus_portal.ground.held_files.PictureOfForm",
    "fusus_portal.ground.table_forms.TableOfForm",
    "fusus_portal.ground.streets.forms.StreetFilesOfForm",
    "registry.footage.form_files.FootageOfForm",
]
"""Handlers of files in forms: pictures and tables go to memory, street files and footage to disk, others nowhere."""

TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
"""Number of our proxies that add to X-Forwarded-For; the rest of the header is not trusted."""

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
