"""What gunicorn serves."""

from django.core.handlers.wsgi import WSGIHandler

application = WSGIHandler()
