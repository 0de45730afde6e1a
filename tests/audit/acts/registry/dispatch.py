"""Acts on what comes from dispatch."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.log.events import Event
from registry.incidents.models.dispatch import DispatchRecord
from registry.incidents.services import deliveries, dispatch_keys, dispatch_records
from tests.audit.acts import Act, calls
from tests.factories import incident_at, person
from tests.registry.incidents.dispatching import Sender, item, pem_of


@calls(deliveries.take, Event.DISPATCH_TAKEN)
def take() -> Act:
    """A delivery opens one incident and verifies another."""
    opened = incident_at(verified=False)
    token = Sender().token(item(), item(opened.number, id="CAD-2"))
    return lambda: deliveries.take(token=token)


@calls(deliveries.preview, Event.DISPATCH_PREVIEWED)
def preview() -> Act:
    """A file is looked at."""
    token, by = Sender().token(item()), person("supervisor")
    return lambda: deliveries.preview(token=token, by=by)


@calls(deliveries.refuse, Event.DISPATCH_REFUSED)
def refuse() -> Act:
    """A file that nobody signed is brought."""
    by = person("supervisor")
    unwanted = deliveries.Unwanted("not-signed", "no")
    return lambda: deliveries.refuse(unwanted=unwanted, by=by)


@calls(dispatch_records.settle, Event.DISPATCH_SETTLED)
def settle() -> Act:
    """A supervisor looks at what differs."""
    incident, by = incident_at(code="robbery"), person("supervisor")
    deliveries.take(token=Sender().token(item(incident.number)))
    record = DispatchRecord.objects.get(incident=incident)
    return lambda: dispatch_records.settle(dispatch_record=record, by=by)


@calls(dispatch_keys.propose, Event.DISPATCH_KEY_PROPOSED)
def propose() -> Act:
    """An administrator proposes a key."""
    by, pem = person("administrator"), pem_of(Ed25519PrivateKey.generate())
    return lambda: dispatch_keys.propose(source="city-cad", key_id="city-cad-1", public_key=pem, by=by)


@calls(dispatch_keys.approve, Event.DISPATCH_KEY_APPROVED)
def approve() -> Act:
    """Another approves it."""
    key, by = Sender(approved=False).key, person("administrator")
    return lambda: dispatch_keys.approve(key=key, by=by)


@calls(dispatch_keys.retire, Event.DISPATCH_KEY_RETIRED)
def retire() -> Act:
    """One retires it."""
    key, by = Sender().key, person("administrator")
    return lambda: dispatch_keys.retire(key=key, by=by)
