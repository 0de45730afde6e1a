"""Access control: each view declares a permission; an unmarked view is refused."""

from fusus_portal.ground.access.marks import FORM, POST, SAFE, SignedInRequest, privileged, public, requires
from fusus_portal.ground.access.permissions import Permission

__all__ = ["FORM", "POST", "SAFE", "Permission", "SignedInRequest", "privileged", "public", "requires"]
