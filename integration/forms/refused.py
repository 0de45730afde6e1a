"""A form whose service can refuse it."""

from fusus_portal.checked_forms import CheckedForm


class RefusedForm(CheckedForm):
    """A form whose service can refuse it."""
