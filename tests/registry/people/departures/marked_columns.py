"""Columns of the database that can hold words, those that never hold a person's, and the places of a marker."""

import base64
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from psycopg import sql
from redis import Redis

TEXT = """
    SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c
    JOIN pg_tables t ON t.schemaname = 'public' AND t.tablename = c.table_name
    WHERE c.table_schema = 'public' AND c.data_type IN (
        'ARRAY', 'bytea', 'character', 'character varying', 'inet', 'json', 'jsonb', 'text', 'xml'
    )
"""
OF_THE_OFFICE = {
    "what administrators write about the office, and what was there before": """
        agency_agency agency_historicalagency agency_announcement agency_document
        agency_messagetext agency_historicalmessagetext
        registry_limits registry_historicallimits registry_numberformat registry_historicalnumberformat
        registry_incidenttype registry_historicalincidenttype registry_canvasspurpose registry_retentioncategory
        registry_countyagency registry_dispatchkey registry_registryexport
        integration_coremodel integration_historicalcoremodel shop_historicalshoplimits""",
    "people of the agency, and what they were told of": """
        accounts_rolechange accounts_suspension accounts_identity push_pushsubscription worklist_worknotice""",
    "cases of the office: what it writes about incidents, declarations, searches, holds, and why": """
        integration_declaration
        registry_incident registry_historicalincident registry_canvass registry_approval registry_legalhold
        registry_joinquestion registry_correction registry_dispatchdelivery registry_dispatchrecord""",
    "what the office sells, for how much, what there is of it, and what is deducted when it comes back": """
        shop_product shop_productpicture shop_stockmovement shop_taxrate shop_partdeduction shop_numbercounter""",
    "books of orders, kept with the name and addresses on them (promise R12; tests/shop/orders/test_leaving.py)": """
        shop_order shop_orderline shop_purchaseorder shop_invoice shop_invoiceline shop_creditnote shop_payment
        shop_paymentattempt shop_refund shop_shipment shop_return shop_claim shop_exemptioncertificate""",
    "what the payment service told, and what is left for staff to do": """
        shop_gatewayevent shop_reconciliation shop_shoptask shop_bookcheck shop_reminder""",
    "how long what was viewed, and what was flagged for it": "integration_watchedday integration_watchflag",
    "columns of an agency's file, by number and name": "registry_importbatch registry_importfault",
    "ids, numbers, digests and names of events": """
        audit_entry audit_leaf audit_ticket audit_bundle audit_tile audit_checkpoint audit_publication
        audit_key audit_self_check registry_looksread""",
    "what the portal found wrong with the log, and what auditors typed to search it": """
        audit_alarm audit_filter audit_print""",
    "ids of people, and the network address that they were refused at, for a minute": "audit_tally",
    "ids of people of the office, where they looked from, and reasons that they typed, for an hour": "audit_sighting",
    "public figures, what administrators say of them, and where a deputy lives, by ZIP code": """
        figures_countedday figures_dayfigure figures_figuredoubt figures_figurereport figures_figurereview
        figures_monthfigure homes_homearea""",
    "the annual report: what the office writes itself, and what was released of it": """
        annual_annualtext annual_annualreport annual_annualpaper""",
    "the weekly review: what auditors ask and find, and what people of the agency answer": """
        review_alarmaddress review_reviewcard review_reviewexplanation review_reviewfinding review_reviewpaper
        review_reviewquestion review_reviewweek""",
    "streets and addresses of the county, as its files have them or staff add them, with nobody's name": """
        streets_addedaddress streets_house streets_segment streets_site streets_street streets_streetdata""",
    "what Django keeps of the code": "auth_group auth_permission django_content_type django_migrations",
}
"""Tables in which nobody of the public writes, by what stands there."""

MADE = {
    "ids, keys and digests that the portal makes": """
        account_emailconfirmation.key accounts_user.password audit_detail.digest
        audit_detail.salt django_session.session_key usersessions_usersession.session_key
        notifications_message.message_id notifications_message.subject_id notifications_stoppednumber.digest
        notifications_textnumber.code_seed registry_camera.snapshot registry_letter.digest registry_letter.salt
        registry_letter_file.storage_key
        registry_evidence.number registry_evidence.sha256 registry_footage_location.storage_key
        registry_footagerequest.number registry_giver.reference registry_historicalregistrant.reference
        registry_outreachlead.reference registry_registrant.reference registry_staysout.digest registry_upload.key
        registry_upload.sha256""",
    "one of a list": """
        accounts_user.language accounts_user.role audit_detail.kind mfa_authenticator.type
        notifications_message.channel notifications_message.kind registry_confirmation.precision
        registry_confirmation.way registry_letter.state
        notifications_message.language notifications_message.state notifications_message.subject_kind
        registry_evidence.content_type registry_evidence.state registry_footagerequest.state
        registry_historicalcamera.history_type registry_historicalpremises.history_type
        registry_historicalpremises.kind registry_historicalpremises.precision
        registry_historicalregistrant.contact_way registry_historicalregistrant.history_type
        registry_historicalregistrant.kind registry_historicalregistrant.language registry_importinvitation.language
        registry_leftout.why registry_noticesettings.footage registry_noticesettings.searches
        registry_outreachlead.state registry_premises.kind registry_premises.precision registry_registrant.contact_way
        registry_registrant.kind registry_registrant.language registry_upload.state""",
    "what clerks, and the portal, write of a CORE: serial number, certificate, keys and digests": """
        integration_core.serial integration_core.certificate integration_core.key integration_activationcode.digest
        integration_activationcode.salt integration_coretoken.digest""",
    "one of a list, about searches and sharing": """
        integration_core.state integration_devicecamera.picture integration_cameraproblem.kind
        registry_unverifiedsearch.bound
        integration_sharingagreement.language integration_sharingrule.mode integration_historicalsharingrule.mode
        integration_historicalsharingrule.history_type""",
    "hours and days in numbers, as the service checks them": """
        integration_sharingrule.week integration_sharingrule.closed_days integration_sharingrule.open_days
        integration_historicalsharingrule.week integration_historicalsharingrule.closed_days
        integration_historicalsharingrule.open_days integration_openinghours.week""",
    "sentences and facts of the portal, with ids in place of words": """
        integration_historicalsharingrule.history_change_reason
        notifications_message.context notifications_message.fault registry_historicalcamera.history_change_reason
        registry_historicalpremises.history_change_reason registry_historicalregistrant.history_change_reason
        registry_upload.refusal usersessions_usersession.data shop_carduse.said""",
    "too short for a marker; that its row goes is looked at apart": """
        registry_historicalpremises.county_fips registry_historicalpremises.state registry_historicalpremises.zip_code
        registry_importinvitation.state registry_importinvitation.zip_code registry_outreachlead.county_fips
        registry_premises.county_fips registry_premises.state registry_premises.zip_code""",
    "of a live view: a deputy's words and place, kinds, digests, and the ZIP code that figures are counted by": """
        integration_viewgrant.reason integration_viewgrant.further_reasons integration_viewgrant.network
        integration_viewgrant.session
        integration_viewgrant.state integration_viewgrant.end integration_viewgrant.condition
        integration_viewgrant.premises_kind integration_viewgrant.zip_code integration_livestream.digest""",
    "of clips: a deputy's words, a digest, one of a list": """
        integration_clip.reason integration_clip.sha256 integration_clip.state""",
    "keys that the portal makes, in the shop": "shop_cart.browser shop_claimpicture.key shop_returnpicture.key",
    "ids and addresses that the payment service makes, and by what it knows a card": """
        shop_cardonfile.card_brand shop_cardonfile.card_last4
        shop_cardonfile.customer shop_cardonfile.method shop_cardchange.session_id shop_cardchange.url""",
    "one of a list, in the shop": "shop_subscription.state",
    "a network address or a phone number in digits, whose row goes with the account": """
        usersessions_usersession.ip notifications_textnumber.number""",
    "a picture of a file that is not given, which goes with it": "registry_preview.still",
    "people of the agency alone have one": "accounts_user.call_back_number accounts_user.pseudonym",
    "a supervisor's words, whose row goes with the registration": "registry_lookdelay.reason",
}
"""Columns of other tables that hold no words of a person, by what they hold."""


def named_in(excuses: dict[str, str]) -> set[str]:
    """Return the tables or columns that excuses name."""
    return {name for names in excuses.values() for name in names.split()}


def columns_of_text(superuser: psycopg.Connection) -> set[str]:
    """Return the columns that can hold words, as "table.column", histories and those of libraries too."""
    return {name for (name,) in superuser.execute(TEXT).fetchall()}


def columns_with(superuser: psycopg.Connection, marker: str) -> set[str]:
    """Return the columns of text that hold a marker: as words or bytes, and in sessions, which are packed."""
    words, hexadecimal = f"%{marker}%", f"%{marker.encode().hex()}%"
    found = set()
    for name in columns_of_text(superuser):
        table, _dot, column = name.partition(".")
        holds = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE {}::text ILIKE ANY (%s))")
        statement = holds.format(sql.Identifier(table), sql.Identifier(column))
        if superuser.execute(statement, [[words, hexadecimal]]).fetchone() == (True,):
            found.add(name)
    if any(marker in str(session.get_decoded()) for session in Session.objects.all()):
        found.add("django_session.session_data")
    return found


def kept_in_valkey() -> str:
    """Return all that the cache and the queue keep, keys and values, with what is packed in a task unpacked."""
    client: Any = Redis.from_url(settings.REDIS_URL)
    read = {b"string": client.get, b"list": lambda key: client.lrange(key, 0, -1), b"hash": client.hgetall}
    read |= {b"set": client.smembers, b"zset": lambda key: client.zrange(key, 0, -1, withscores=True)}
    values = [str((key, read[client.type(key)](key))) for key in client.keys("*")]
    packed = [part for value in values for part in value.split('"') if len(part) > 40 and part.isascii()]
    return " ".join([*values, *map(_unpacked, packed)])


def _unpacked(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode(errors="replace")
    except ValueError:
        return ""


def hanging_on(model: type[models.Model]) -> set[type[models.Model]]:
    """Return the tables whose rows go with a row of this one, and those that keep their history."""
    found: set[type[models.Model]] = set()
    waiting: list[type[models.Model]] = [model]
    while waiting:
        target = waiting.pop()
        if target not in found:
            found.add(target)
            waiting += [
                relation.related_model
                for relation in target._meta.related_objects
                if getattr(relation, "on_delete", None) is models.CASCADE
            ]
    histories = {getattr(each, "history").model for each in found if hasattr(each, "history")}  # noqa: B009
    return found | histories
