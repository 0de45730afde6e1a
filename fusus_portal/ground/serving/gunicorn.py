"""What gunicorn is told: `gunicorn --config python:fusus_portal.ground.serving.gunicorn fusus_portal.wsgi`.

Its command line changes what a place needs otherwise: --bind, --workers, --threads (those that serve pages).
"""

worker_class = "fusus_portal.ground.serving.worker.Worker"
workers = 2
threads = 8
worker_connections = 1000
keepalive = 15
"""Longer than the pause between two pieces of video, or two polls of a page, so that they come over one connection."""
graceful_timeout = 30
sendfile = False
"""What a slow reader has not taken is held by the loop; the kernel's own way would block a thread for it."""
control_socket_disable = True
"""Signals steer it, and nothing else. The socket would be in the home of its account, which may have none."""
