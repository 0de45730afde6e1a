"""Which methods a page takes. `require_safe` and `require_POST` are Django's."""

from django.views.decorators.http import require_http_methods

require_form = require_http_methods(["GET", "HEAD", "POST"])
"""A page with a form that is posted back to it."""
