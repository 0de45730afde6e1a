"""How the services of home areas are called."""

from django.db import transaction

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.homes import services
from tests.audit.acts import Act, calls
from tests.factories import person


@calls(services.note, Event.HOME_NOTED)
def note() -> Act:
    account, by = person(Role.DEPUTY), person(Role.ADMINISTRATOR)
    return lambda: services.note(account=account, by=by, zip_code="35203")


@calls(services.remove, Event.HOME_REMOVED)
def remove() -> Act:
    account, by = person(Role.DEPUTY), person(Role.ADMINISTRATOR)
    services.note(account=account, by=by, zip_code="35203")
    return lambda: services.remove(account=account, by=by)


@calls(services.forget, Event.HOME_REMOVED)
def forget() -> Act:
    account, by = person(Role.DEPUTY), person(Role.ADMINISTRATOR)
    services.note(account=account, by=by, zip_code="35203")
    account.is_active = False
    return lambda: transaction.atomic()(services.forget)(account, by.actor)


@calls(services.show, Event.HOME_SHOWN)
def show() -> Act:
    account, by = person(Role.DEPUTY), person(Role.ADMINISTRATOR)
    return lambda: services.show(account=account, by=by)
