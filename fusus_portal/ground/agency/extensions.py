from django.utils.translation import gettext as _now, gettext_lazy as _, ngettext

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.agency import presenters, selectors
from fusus_portal.ground.agency.hooks import Group, Need, Section, needs, register_sections
from fusus_portal.ground.streets import presenters as streets


def _edited() -> str:
    count = len(selectors.edited_kinds())
    sentence = ngettext("One message has your sentences.", "%(number)d messages have your sentences.", count)
    return sentence % {"number": count} if count else ""


def _missing() -> str:
    count = len([lack for _need, lack in presenters.needs_page() if lack])
    sentence = ngettext("A part is missing.", "%(number)d parts are missing.", count)
    return sentence % {"number": count} if count else ""


SECTIONS = (
    Section(
        "agency_data",
        _("Agency data"),
        _("Name, contacts, links and colors, as the public sees them."),
        Group.OFFICE,
        20,
        words=_("phone, e-mail, checks, returns, address, social media"),
    ),
    Section(
        "agency_seal",
        _("Seal"),
        _("The picture beside the name, on every page."),
        Group.OFFICE,
        21,
        words=_("logo, badge, star"),
    ),
    Section(
        "document_list",
        _("Terms and agreements"),
        _("What people agree to, version by version."),
        Group.OFFICE,
        30,
        words=_("privacy statement, sharing agreement, broken glass"),
    ),
    Section(
        "message_list",
        _("Messages"),
        _("What the portal writes, and your own sentence in it."),
        Group.OFFICE,
        40,
        _edited,
        words=_("mail, e-mail, texts, letters"),
    ),
    Section(
        "portal_needs",
        _("What the portal needs"),
        _("Streets, boundary, mail and backup: what is missing, and what to do about it."),
        Group.OFFICE,
        50,
        _missing,
        words=_("setup, server, health, status"),
    ),
    Section(
        "street_list",
        _("Streets and addresses"),
        _("The files from which addresses are found and the map is drawn."),
        Group.PLACES,
        25,
        streets.note,
        words=_("Census, TIGER, OpenAddresses, upload"),
    ),
)

NEEDS = (
    Need(
        name="streets",
        title=_("Streets and addresses"),
        lack=streets.without,
        there=streets.note,
        remedy=_("Bring the county's files: an administrator uploads them, looks at what would change, and uses them."),
        page="street_list",
        act=_("Load streets"),
        permission=Permission.VERIFY_INCIDENT,
    ),
    Need(
        name="boundary",
        title=_("The county's boundary"),
        lack=presenters.boundary_lack,
        there=presenters.boundary_there,
        remedy=_(
            "Places near the county line may be taken or refused by mistake. The person who runs the server loads this "
            "year's outline of the Census Bureau, or sets the office's own boundary in AGENCY_BOUNDARY."
        ),
        command="manage.py places load cb_2025_us_county_500k.zip",
    ),
    Need(
        name="mail",
        title=_("Mail"),
        lack=presenters.mail_lack,
        there=lambda: _now("Mail goes out."),
        remedy=_(
            "The person who runs the server looks whether the worker of messages runs and whether the mail server in "
            "EMAIL_URL takes mail. The portal tries each message again for a day."
        ),
        command="systemctl status portal-worker@messages",
        permission=Permission.VERIFY_INCIDENT,
    ),
    Need(
        name="backup",
        title=_("Backup"),
        lack=presenters.backup_lack,
        there=presenters.backup_there,
        remedy=_(
            "The person who runs the server backs up the database and the files each night, and has the backup report "
            "itself as its last step."
        ),
        command='date -u +%FT%TZ > "$UPLOADS_ROOT/last-backup"',
    ),
)


def register() -> None:
    for need in NEEDS:
        needs.register(need)
    register_sections(*SECTIONS)
