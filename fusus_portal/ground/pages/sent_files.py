"""The headers of a file that somebody sent: no browser takes it for a page, or runs anything in it."""

INERT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PRIVATE = {**INERT, "Cache-Control": "private, no-store"}
"""The same, of one that not everybody may see: no cache keeps it."""
