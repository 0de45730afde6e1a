"""Public figures, released by the demo's administrator: they include the current day, and say so."""

from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.figures.selectors import shown
from fusus_portal.oversight.figures.services import reviews


def release(*, administrator: User) -> None:
    if shown.last_release() is None:
        reviews.release(by=administrator)
