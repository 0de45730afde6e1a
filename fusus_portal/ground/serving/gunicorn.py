"""Settings of gunicorn (`--config python:fusus_portal.ground.serving.gunicorn`); its command line overrides them."""

worker_class = "fusus_portal.ground.serving.worker.Worker"
workers = 2
threads = 8
worker_connections = 1000
keepalive = 15
"""Seconds, longer than the pause between two pieces of video or two polls of a page: they share a connection."""
graceful_timeout = 30
sendfile = False
"""False, because the loop holds the rest of an answer for a slow reader; sendfile would block a thread."""
control_socket_disable = True
"""True, because only signals control gunicorn. The socket would be in the account's home, which may not exist."""
