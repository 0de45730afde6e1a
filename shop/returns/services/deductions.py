from collections.abc import Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Max

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from shop.returns import policies
from shop.returns.models import AgeStep, DeductionSchedule, PartDeduction

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('shop.deductions'))"


def publish(*, by: User, lowest: int, steps: Mapping[int, int], parts: Sequence[policies.Part]) -> DeductionSchedule:
    """Publish the deductions from now on, as a new version. Earlier orders keep theirs.

    lowest: smallest refund, in hundredths of a percent. steps: by the month from which they count. Raises Refused
    unless an administrator publishes, ValidationError on "lowest", "steps" or "parts".
    """
    demand(by, Permission.ADMINISTER)
    least = policies.check_lowest(lowest)
    ages, each = policies.check_steps(steps), policies.check_part_deductions(parts)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)
        last = DeductionSchedule.objects.aggregate(last=Max("version"))["last"] or 0
        schedule = DeductionSchedule.objects.create(version=last + 1, lowest=least, published_by=by)
        AgeStep.objects.bulk_create(
            AgeStep(schedule=schedule, from_months=month, basis_points=off) for month, off in ages.items()
        )
        PartDeduction.objects.bulk_create(
            PartDeduction(schedule=schedule, position=number, name=name, name_es=name_es, basis_points=off)
            for number, (name, name_es, off) in enumerate(each, start=1)
        )
        facts: dict[str, int | str] = {"version": schedule.version, "lowest": least, "steps": len(ages)}
        record(event=Event.DEDUCTIONS_PUBLISHED, actor=by.actor, subject=schedule.subject, facts=facts)
    return schedule
