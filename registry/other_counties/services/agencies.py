"""The table of agencies by county, without any data of residents. Administrators write it by hand or import it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.queries import find_or_refuse
from registry.other_counties.models import CountyAgency
from registry.other_counties.policies import county_taken

TABLE = Subject("county_agencies", "all")


@dataclass(frozen=True, slots=True)
class AgencyDetails:
    """An agency as administrators describe it. county_fips: five digits. url: "https://..." or ""."""

    county_fips: str
    name: str
    phone: str = ""
    email: str = ""
    url: str = ""


def add(*, by: User, details: AgencyDetails) -> CountyAgency:
    """Add an agency. Raises ValidationError by field, on "county_fips" when the county has one."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        agency = _written(CountyAgency(), details)
        record(event=Event.COUNTY_AGENCY_ADDED, actor=by.actor, subject=agency.subject, facts=_about(agency))
    return agency


def change(*, agency: CountyAgency, by: User, details: AgencyDetails) -> CountyAgency:
    """Change an agency. The entry names the fields. Raises ValidationError by field, NotYours when it is gone."""
    demand(by, Permission.ADMINISTER, subject=agency.subject)
    with transaction.atomic():
        locked = _locked(agency)
        fields = _differing(locked, details)
        if fields:
            _written(locked, details)
            facts = {**_about(locked), "fields": " ".join(fields)}
            record(event=Event.COUNTY_AGENCY_CHANGED, actor=by.actor, subject=locked.subject, facts=facts)
    return locked


def remove(*, agency: CountyAgency, by: User) -> None:
    """Remove an agency. Raises NotYours when it is gone."""
    demand(by, Permission.ADMINISTER, subject=agency.subject)
    with transaction.atomic():
        locked = _locked(agency)
        record(event=Event.COUNTY_AGENCY_REMOVED, actor=by.actor, subject=locked.subject, facts=_about(locked))
        locked.delete()


def import_rows(*, by: User, rows: Sequence[AgencyDetails]) -> dict[str, int]:
    """Write all rows or none: the agency of a county that has one is changed. Doing it twice has one effect.

    Returns the numbers of added, changed and unchanged rows.
    """
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        rows_by_county = {row.county_fips: row for row in rows}
        there = CountyAgency.objects.select_for_update().filter(county_fips__in=rows_by_county)
        known = {agency.county_fips: agency for agency in there.order_by("county_fips")}
        added = [row for fips, row in sorted(rows_by_county.items()) if fips not in known]
        changed = [fips for fips, agency in known.items() if _differing(agency, rows_by_county[fips])]
        for row in added:
            _written(CountyAgency(), row)
        for fips in changed:
            _written(known[fips], rows_by_county[fips])
        done = {"added": len(added), "changed": len(changed), "same": len(known) - len(changed)}
        record(event=Event.COUNTY_AGENCIES_IMPORTED, actor=by.actor, subject=TABLE, facts=done)
    return done


def export(*, by: User) -> None:
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        record(event=Event.COUNTY_AGENCIES_EXPORTED, actor=by.actor, subject=TABLE)


def _written(agency: CountyAgency, details: AgencyDetails) -> CountyAgency:
    for field, value in asdict(details).items():
        setattr(agency, field, value)
    agency.changed_at = timezone.now()
    agency.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            agency.save()
    except IntegrityError as error:
        raise ValidationError({"county_fips": county_taken()}) from error
    return agency


def _locked(agency: CountyAgency) -> CountyAgency:
    rows = CountyAgency.objects.select_for_update().filter(pk=agency.pk)
    return find_or_refuse(rows, _("There is no such agency."), subject=agency.subject)


def _differing(agency: CountyAgency, details: AgencyDetails) -> list[str]:
    return [field for field, value in asdict(details).items() if getattr(agency, field) != value]


def _about(agency: CountyAgency) -> dict[str, int | str]:
    return {"county": agency.county_fips}
