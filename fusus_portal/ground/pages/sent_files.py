"""Headers of uploaded files: no browser may render one as a page or run anything in it."""

INERT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PRIVATE = {**INERT, "Cache-Control": "private, no-store"}
