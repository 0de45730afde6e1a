"""The table of agencies by county: kept by administrators, and imported as a whole or not at all."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from audit.log.events import Event
from fusus_portal.ground.geo.counties import counties_named
from fusus_portal.ground.lifecycle import NotYours, Refused
from registry.other_counties import selectors, services
from registry.other_counties.forms import MOST_ROWS, AgencyTableForm
from registry.other_counties.models import CountyAgency
from registry.other_counties.services import AgencyDetails
from tests.factories import person
from tests.registry.entries import entries_of, newest_id
from tests.registry.other_counties.elsewhere import SHELBY

pytestmark = pytest.mark.django_db

BLOUNT = "01009"
DETAILS = AgencyDetails(
    SHELBY, "Shelby County Sheriff's Office", "205-555-0170", "desk@shelby.example", "https://s.example"
)
HEADER = "county_fips,name,phone,email,url\n"


def agency() -> CountyAgency:
    return services.add_agency(by=person("administrator"), details=DETAILS)


def read(text: str) -> AgencyTableForm:
    form = AgencyTableForm({"text": text})
    form.is_valid()
    return form


class TestByHand:
    def test_an_agency_is_found_by_its_county(self) -> None:
        added = agency()
        assert selectors.agency_of(SHELBY) == added
        assert selectors.agency_of(BLOUNT) is None
        (entry,) = entries_of(Event.COUNTY_AGENCY_ADDED, added)
        assert entry.facts == {"county": SHELBY}

    def test_a_county_has_one(self) -> None:
        agency()
        with pytest.raises(ValidationError) as refused:
            services.add_agency(by=person("administrator"), details=DETAILS)
        assert list(refused.value.message_dict) == ["county_fips"]

    @pytest.mark.parametrize("change", [{"name": ""}, {"email": "the desk"}, {"url": "nowhere"}, {"phone": "2" * 21}])
    def test_what_an_agency_can_t_be_is_said_at_its_field(self, change: dict[str, str]) -> None:
        with pytest.raises(ValidationError) as refused:
            services.add_agency(by=person("administrator"), details=DETAILS._replace(**change))
        assert refused.value.message_dict.keys() == change.keys()

    def test_a_change_names_the_fields_and_none_is_no_entry(self) -> None:
        found, by = agency(), person("administrator")
        services.change_agency(agency=found, by=by, details=AgencyDetails(SHELBY, DETAILS.name, "205-555-0171"))
        (entry,) = entries_of(Event.COUNTY_AGENCY_CHANGED)
        assert entry.facts == {"county": SHELBY, "fields": "phone email url"}
        newest = newest_id()
        services.change_agency(agency=found, by=by, details=AgencyDetails(SHELBY, DETAILS.name, "205-555-0171"))
        assert newest_id() == newest

    def test_what_is_gone_can_t_be_removed_again(self) -> None:
        found, by = agency(), person("administrator")
        services.remove_agency(agency=found, by=by)
        with pytest.raises(NotYours):
            services.remove_agency(agency=CountyAgency(pk=entries_id()), by=by)
        assert not CountyAgency.objects.exists()

    @pytest.mark.parametrize("role", ["resident", "deputy", "supervisor", "auditor", "clerk"])
    def test_only_administrators_keep_it(self, role: str) -> None:
        found, by = agency(), person(role)
        for act in (
            lambda: services.add_agency(by=by, details=DETAILS),
            lambda: services.change_agency(agency=found, by=by, details=DETAILS),
            lambda: services.remove_agency(agency=found, by=by),
            lambda: services.import_agencies(by=by, rows=[DETAILS]),
            lambda: services.export_agencies(by=by),
        ):
            with pytest.raises(Refused):
                act()

    def test_the_database_takes_only_https(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            CountyAgency.objects.create(county_fips=BLOUNT, name="B", url="http://b.example")


def entries_id() -> str:
    """Return the id of the agency that was added first."""
    return entries_of(Event.COUNTY_AGENCY_ADDED)[0].subject_id


class TestSearch:
    @pytest.mark.parametrize("text", ["", "shelby", "Shelby County, Alabama", "shelby al", "01117", "011", "sheriff"])
    def test_by_county_code_or_name(self, text: str) -> None:
        added = agency()
        assert list(selectors.agencies_found(text)) == [added]

    @pytest.mark.parametrize("text", ["blount", "02", "police"])
    def test_others_are_not_found(self, text: str) -> None:
        agency()
        assert not selectors.agencies_found(text).exists()

    def test_counties_are_found_by_name_and_state(self) -> None:
        assert [each.fips for each in counties_named("shelby al")] == [SHELBY]
        assert len(counties_named("shelby")) > 5
        assert counties_named(" ") == counties_named("nowhere at all") == []


class TestImport:
    def test_twice_gives_the_same(self) -> None:
        by, rows = person("administrator"), [DETAILS, AgencyDetails(BLOUNT, "Blount County Sheriff's Office")]
        assert services.import_agencies(by=by, rows=rows) == {"added": 2, "changed": 0, "same": 0}
        before = list(CountyAgency.objects.order_by("pk").values())
        assert services.import_agencies(by=by, rows=rows) == {"added": 0, "changed": 0, "same": 2}
        assert list(CountyAgency.objects.order_by("pk").values()) == before

    def test_a_county_that_is_there_gets_the_new_details(self) -> None:
        found = agency()
        done = services.import_agencies(by=person("administrator"), rows=[AgencyDetails(SHELBY, "Shelby Police")])
        found.refresh_from_db()
        assert done == {"added": 0, "changed": 1, "same": 0}
        assert (found.name, found.phone) == ("Shelby Police", "")

    def test_a_table_is_read_in_any_order_of_columns(self) -> None:
        form = read(
            "\ufeffName,URL,county_fips,email,phone\r\nShelby SO,https://s.example,01117,,(205) 555 0170\r\n\r\n"
        )
        assert form.rows == [AgencyDetails(SHELBY, "Shelby SO", "205-555-0170", "", "https://s.example")]
        assert form.faults == []

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            ("99999,Nowhere,,,", "No county has this code"),
            ("1117,Shelby,,,", "No county has this name"),
            ("01117,,,,", "Fill in “"),
            ("01117,=cmd|' /C calc'!A0,,,", "A name can't begin with"),
            ("01117,Shelby,555,,", "A phone number has ten digits"),
            ("01117,Shelby,,not an address,", "valid email"),
            ("01117,Shelby,,,http://s.example", "begins with https://"),
            ("01117,Shelby,,,javascript:alert(1)", "begins with https://"),
            ("01117,Shelby", "more or fewer cells"),
            ("01117,Shelby,,,,surplus", "more or fewer cells"),
            ("01117,Shelby,,,\n01117,Other,,,", "is in the table twice"),
        ],
    )
    def test_a_wrong_row_is_named_with_its_line(self, row: str, sentence: str) -> None:
        form = read(f"{HEADER}01009,Blount,,,\n{row}\n")
        ((line, said),) = form.faults
        assert sentence in said
        assert line == 3 + row.count("\n")

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("fips,name\n01117,Shelby\n", "The first line must name these columns"),
            ("", "Choose a file, or paste the rows."),
            (HEADER, "There is no row"),
            (HEADER + '01117,"Shelby\n', "be read as CSV"),
            (HEADER + "x" * 1_000_000, "This is too long for a table of counties."),
            (HEADER + "01117,She\x00lby,,,", "Null characters are not allowed"),
        ],
    )
    def test_what_is_no_table_is_refused(self, text: str, sentence: str) -> None:
        assert sentence in str(read(text).errors)

    def test_more_rows_than_counties_are_not_read(self) -> None:
        form = read(HEADER + "01117,Shelby,,,\n" * (MOST_ROWS + 5))
        ((_line, said),) = form.faults
        assert "more rows than counties" in said
