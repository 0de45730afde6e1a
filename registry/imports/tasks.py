"""What the worker does for the registry."""

from uuid import UUID

from celery import shared_task

from registry.selectors import counts
from registry.selectors import exports as known_exports
from registry.services import (
    canvasses,
    deleting,
    drafts,
    evidence,
    exports,
    import_cleaning,
    import_people,
    import_work,
    incidents,
    notices,
    offering,
    outreach,
    pictures,
    reminding,
    requests,
    uploads,
)


@shared_task(name=incidents.CLOSER)
def close_unverified() -> int:
    """Close the incidents that nobody verified in time."""
    return incidents.close_unverified()


@shared_task(name=requests.EXPIRER)
def expire_requests() -> int:
    """End the footage requests whose time is over."""
    return requests.expire_due()


@shared_task(name=canvasses.EXPIRER)
def expire_canvasses() -> int:
    """End the canvasses whose time to answer is over."""
    return canvasses.expire_due()


@shared_task(name=reminding.REMINDER)
def remind() -> int:
    """Remind owners of the footage requests that they have not answered."""
    return reminding.remind_due()


@shared_task(name=notices.TELLER)
def tell_looks() -> int:
    """Write the mails to owners about who looked that are due."""
    return notices.tell()


@shared_task(name=offering.RECEIVE)
def receive_footage(upload: str) -> bool:
    """Make a whole file evidence; return whether it is."""
    return evidence.receive(upload=UUID(upload)) is not None


@shared_task(name=uploads.SWEEPER)
def sweep_uploads() -> int:
    """Take up files that were left half done, and remove those that nobody finishes."""
    return uploads.sweep()


@shared_task(name=import_work.WORKER)
def work_on_import(batch: str) -> bool:
    """Bring an import as far as it goes."""
    return import_work.work(pk=UUID(batch))


@shared_task(name=import_work.SWEEPER)
def take_up_imports() -> int:
    """Take up imports and copies of the registry whose worker is gone."""
    return import_work.take_up() + sum(offering.offer_export(pk) for pk in known_exports.unfinished())


@shared_task(name=import_people.POSTMAN)
def write_to_imported() -> int:
    """Write to the next people of an import."""
    return import_people.write_due()


@shared_task(name=import_people.FORGETTER)
def forget_invitations() -> dict[str, int]:
    """Delete what nobody took up: invitations, files that wait, copies of the registry."""
    return {
        "invitations": import_people.forget_old(),
        "files": import_cleaning.discard_old(),
        "exports": exports.expire_due(),
    }


@shared_task(name=pictures.SWEEPER)
def sweep_snapshots() -> int:
    """Delete pictures on disk that no camera has."""
    return pictures.sweep()


@shared_task(name=deleting.DELETER)
def delete_footage() -> int:
    """Announce deletions that come near, and delete the footage whose time is over; return how many files."""
    deleting.announce_due()
    deleting.begin_due()
    return sum(deleting.finish(evidence=pk) for pk in deleting.begun())


@shared_task(name=drafts.REMINDER)
def remind_drafts() -> int:
    """Tell people once that a registration they began can be gone on with."""
    return drafts.remind_due()


@shared_task(name=drafts.EXPIRER)
def expire_drafts() -> int:
    """Delete the registrations that nobody goes on with."""
    return drafts.expire_due()


@shared_task(name=outreach.CLOSER)
def close_leads() -> int:
    """Close the outreach leads whose time is over, and delete who they name."""
    return outreach.close_due()


@shared_task(name=outreach.REPORTER)
def report_leads() -> int:
    """Tell the platform's contact how many leads each county has."""
    return outreach.report()


@shared_task(name=counts.COUNTER)
def count() -> int:
    """Count registrations, cameras and invitations by ZIP code, for the page that shows them."""
    return len(counts.count().lines)
