"""Settings of gunicorn (`--config python:fusus_portal.ground.serving.gunicorn`); its command line overrides them."""

worker_class = "fusus_portal.ground.serving.worker.Worker"
workers = 2
threads = 8
worker_connections = 1000
keepalive = 15
"""Longer than the pause between two pieces of video, or two polls of a page, so that they share a connection."""
graceful_timeout = 30
sendfile = False
"""The loop holds the rest for a slow reader; sendfile would block a thread."""
control_socket_disable = True
"""Only signals control it. The socket would be in the account's home, which may not exist."""
