"""Tables of the agency's data."""

from fusus_portal.agency.models.agency import Agency
from fusus_portal.agency.models.one_row import OneRow

__all__ = ["Agency", "OneRow"]
