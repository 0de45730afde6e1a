"""The WSGI application of the bare Django project, which gunicorn serves."""

from django.core.handlers.wsgi import WSGIHandler

application = WSGIHandler()
