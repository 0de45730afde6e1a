import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fusus_portal.settings.production")

application = get_wsgi_application()
import_module("fusus_portal.uploads").must_be_writable()
import_module("integration.live.video.connection").log_faults()
