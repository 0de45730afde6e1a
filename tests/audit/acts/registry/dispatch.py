"""Acts on what comes from dispatch."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.log.events import Event
from registry.incidents.models import DispatchRecord
from registry.incidents.services import dispatch
from tests.audit.acts import Act, calls
from tests.factories import incident_at, person
from tests.registry.incidents.dispatching import Sender, item, pem_of


@calls(dispatch.take_delivery, Event.DISPATCH_TAKEN)
def take() -> Act:
    """A delivery opens one incident and verifies another."""
    opened = incident_at(verified=False)
    token = Sender().token(item(), item(opened.number, id="CAD-2"))
    return lambda: dispatch.take_delivery(token=token)


@calls(dispatch.preview_delivery, Event.DISPATCH_PREVIEWED)
def preview() -> Act:
    """A file is looked at."""
    token, by = Sender().token(item()), person("supervisor")
    return lambda: dispatch.preview_delivery(token=token, by=by)


@calls(dispatch.refuse_delivery, Event.DISPATCH_REFUSED)
def refuse() -> Act:
    """A file that nobody signed is brought."""
    by = person("supervisor")
    unwanted = dispatch.UnwantedDelivery("not-signed", "no")
    return lambda: dispatch.refuse_delivery(unwanted=unwanted, by=by)


@calls(dispatch.settle_difference, Event.DISPATCH_SETTLED)
def settle() -> Act:
    """A supervisor looks at what differs."""
    incident, by = incident_at(code="robbery"), person("supervisor")
    dispatch.take_delivery(token=Sender().token(item(incident.number)))
    record = DispatchRecord.objects.get(incident=incident)
    return lambda: dispatch.settle_difference(dispatch_record=record, by=by)


@calls(dispatch.propose_key, Event.DISPATCH_KEY_PROPOSED)
def propose() -> Act:
    """An administrator proposes a key."""
    by, pem = person("administrator"), pem_of(Ed25519PrivateKey.generate())
    return lambda: dispatch.propose_key(source="city-cad", key_id="city-cad-1", public_key=pem, by=by)


@calls(dispatch.approve_key, Event.DISPATCH_KEY_APPROVED)
def approve() -> Act:
    """Another approves it."""
    key, by = Sender(approved=False).key, person("administrator")
    return lambda: dispatch.approve_key(key=key, by=by)


@calls(dispatch.retire_key, Event.DISPATCH_KEY_RETIRED)
def retire() -> Act:
    """One retires it."""
    key, by = Sender().key, person("administrator")
    return lambda: dispatch.retire_key(key=key, by=by)
