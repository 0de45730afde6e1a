"""Work of the demo that waits for the sealer, which publishes the log for the first time a minute after the start."""

from celery import shared_task

from fusus_portal.demo.data import office
from fusus_portal.demo.guard import account_of_role, is_demo
from fusus_portal.ground.accounts.roles import Role


@shared_task(name="demo.release_year")
def release_year() -> None:
    if is_demo() and (administrator := account_of_role(Role.ADMINISTRATOR)) is not None:
        office.release_year(administrator=administrator)
