"""The public figures of the demo, released by its administrator: they show its own day at once, and say so."""

from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.figures.selectors import shown
from fusus_portal.oversight.figures.services import reviews


def release(*, administrator: User) -> None:
    """Release them, once."""
    if shown.last_release() is None:
        reviews.release(by=administrator)
