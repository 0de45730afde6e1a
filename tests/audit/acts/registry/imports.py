"""Acts on an agency's former registry, on the people in it, and on copies of this one."""

from datetime import timedelta

from django.utils import timezone

from audit.log.events import Event
from registry.imports.models import ImportBatch, ImportInvitation, RegistryExport
from registry.imports.services import exports, imports, people
from registry.registrants.models import Registrant
from tests.audit.acts import Act, calls
from tests.factories import person, registrant_at
from tests.registry.imports.exports import approved, proposed, ready
from tests.registry.imports.import_files import as_file, brought, checked, guessed, imported, invited, line, started


@calls(imports.upload, Event.IMPORT_UPLOADED)
def upload() -> Act:
    """An administrator uploads a file of two rows."""
    by, content = person("administrator"), as_file([line(1), line(2)])
    return lambda: imports.upload(content=content, encoding="utf-8", by=by)


@calls(imports.show, Event.IMPORT_SHOWN)
def show() -> Act:
    """An administrator looks at the first rows."""
    batch = brought([line(1)])
    return lambda: imports.show(batch=batch, by=batch.uploaded_by)


@calls(imports.check, Event.IMPORT_CHECKED)
def check() -> Act:
    """An administrator says what each column means."""
    batch = brought([line(1)])
    return lambda: imports.check(batch=batch, columns=guessed(batch), points="pinned", by=batch.uploaded_by)


@calls(imports.start, Event.IMPORT_STARTED)
def start() -> Act:
    """An administrator starts an import whose rows were counted."""
    batch = checked([line(1)])
    return lambda: imports.start(batch=batch, by=batch.uploaded_by)


@calls(imports.discard, Event.IMPORT_DISCARDED)
def discard() -> Act:
    """An administrator discards an import."""
    batch = checked([line(1)])
    return lambda: imports.discard(batch=batch, by=batch.uploaded_by)


@calls(imports.undo, Event.IMPORT_UNDO_STARTED)
def undo() -> Act:
    """An administrator asks to undo an import."""
    batch = imported([line(1)])
    return lambda: imports.undo(batch=batch, by=batch.uploaded_by)


@calls(imports.write_to_people, Event.IMPORT_MAILING)
def write_to_people() -> Act:
    """An administrator lets the portal write to two people."""
    batch = imported([line(1), invited(2)])
    return lambda: imports.write_to_people(batch=batch, number=2, by=batch.uploaded_by)


@calls(imports.work, Event.IMPORT_FINISHED)
def work() -> Act:
    """A worker brings in two rows."""
    batch = started([line(1), invited(2)])
    return lambda: imports.work(pk=batch.pk)


@calls(imports.carry_out_undo, Event.IMPORT_UNDONE)
def undo_all() -> Act:
    """A worker takes an invitation out; registrations come out piece by piece, each with entries of its own."""
    batch = imported([invited(1)])
    imports.undo(batch=batch, by=batch.uploaded_by)
    return lambda: imports.carry_out_undo(pk=batch.pk)


@calls(people.write_due, Event.IMPORT_WROTE)
def write_due() -> Act:
    """The next people are written to."""
    batch = imported([line(1), invited(2)])
    imports.write_to_people(batch=batch, number=2, by=batch.uploaded_by)
    return people.write_due


@calls(people.claim, Event.REGISTRANT_CLAIMED)
def claim() -> Act:
    """The owner of an imported registration signs in for the first time."""
    imported([line(1)])
    owner = Registrant.objects.get().user
    return lambda: people.claim(by=owner)


@calls(people.leave, Event.REGISTRANT_LEFT)
def leave() -> Act:
    """An imported person wants to be out, by the link alone."""
    imported([line(1)])
    registrant = Registrant.objects.get()
    return lambda: people.leave(registrant=registrant)


@calls(people.decline, Event.INVITATION_DECLINED)
def decline() -> Act:
    """An invited person wants to be deleted."""
    imported([invited(1)])
    invitation = ImportInvitation.objects.get()
    return lambda: people.decline(invitation=invitation)


@calls(people.forget_old, Event.INVITATIONS_EXPIRED)
def forget_old() -> Act:
    """Ninety days pass since an import, and its invitations expire."""
    imported([invited(1)])
    ImportInvitation.objects.update(imported_at=timezone.now() - timedelta(days=91))
    return people.forget_old


@calls(imports.discard_old, Event.IMPORT_DISCARDED)
def discard_old() -> Act:
    """A day passes since a file was uploaded."""
    batch = brought([line(1)])
    ImportBatch.objects.filter(pk=batch.pk).update(uploaded_at=timezone.now() - timedelta(hours=25))
    return imports.discard_old


@calls(exports.propose, Event.EXPORT_PROPOSED)
def propose() -> Act:
    """An administrator asks for a copy of the registry."""
    by = person("administrator")
    return lambda: exports.propose(reason="We move to another portal in May.", by=by)


@calls(exports.approve, Event.EXPORT_APPROVED)
def approve() -> Act:
    """Another administrator approves a copy."""
    export, other = proposed(), person("administrator")
    return lambda: exports.approve(export=export, by=other)


@calls(exports.cancel, Event.EXPORT_CANCELLED)
def cancel() -> Act:
    """Another administrator cancels a copy."""
    export, other = proposed(), person("administrator")
    return lambda: exports.cancel(export=export, by=other)


@calls(exports.make, Event.CAMERA_EXPORTED)
def make() -> Act:
    """A worker makes the file of a copy."""
    registrant_at()
    export = approved()
    return lambda: exports.make(pk=export.pk)


@calls(exports.take, Event.EXPORT_TAKEN)
def take() -> Act:
    """The administrator who asked for a copy takes it."""
    registrant_at()
    export = ready()
    return lambda: exports.take(export=export, by=export.proposed_by).close()


@calls(exports.expire_due, Event.EXPORT_EXPIRED)
def expire_due() -> Act:
    """Nobody takes a copy."""
    export = ready()
    RegistryExport.objects.filter(pk=export.pk).update(ready_at=timezone.now() - timedelta(days=2))
    return exports.expire_due
