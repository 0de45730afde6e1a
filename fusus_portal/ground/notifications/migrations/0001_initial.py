"""The table of messages that wait to be sent, and were."""

import uuid

import django.utils.timezone
from django.db import migrations, models

import fusus_portal.ground.notifications.models


class Migration(migrations.Migration):
    replaces = [
        ("notifications", "0001_outbox"),
        ("notifications", "0002_reminders"),
        ("notifications", "0003_leaving"),
        ("notifications", "0004_looks"),
        ("notifications", "0005_canvass_to_approve"),
        ("notifications", "0006_deletion"),
        ("notifications", "0007_moving"),
        ("notifications", "0008_imports"),
        ("notifications", "0009_waits_for"),
        ("notifications", "0010_ledger_alarm"),
        ("notifications", "0011_cores"),
        ("notifications", "0012_sharing"),
        ("notifications", "0013_after_views"),
        ("notifications", "0014_shop"),
        ("notifications", "0015_years_dues_and_looks"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invitation", "Invitation to an agency account"),
                            ("role_notice", "Notice about an agency role"),
                            ("account_locked", "An agency account was locked"),
                            ("registration_confirmed", "Registration confirmed"),
                            ("registration_ended", "Registration ended"),
                            ("registration_imported", "Registration brought from a former registry"),
                            ("import_invitation", "Invitation to register"),
                            ("registration_unfinished", "Registration to go on with"),
                            ("outreach_report", "Outreach to other counties"),
                            ("footage_request", "Footage request"),
                            ("footage_reminder", "Reminder of a footage request"),
                            ("footage_received", "Footage received"),
                            ("footage_ending", "Footage will be deleted"),
                            ("footage_deleted", "Footage was deleted"),
                            ("request_withdrawn", "Footage request withdrawn"),
                            ("looks_digest", "Searches that found a camera"),
                            ("footage_looked_at", "Given footage was looked at"),
                            ("footage_reply", "Reply to a footage request"),
                            ("canvass_to_approve", "A canvass waits for approval"),
                            ("ledger_alarm", "An alarm of the audit log"),
                            ("core_offline", "A CORE is offline"),
                            ("core_online", "A CORE is back"),
                            ("sharing_ending", "A sharing agreement ends soon"),
                            ("sharing_ended", "A sharing agreement has ended"),
                            ("live_viewed", "A camera was viewed live"),
                            ("watch_flagged", "Live view was used much"),
                            ("glass_overdue", "Broken glass without a justification"),
                            ("critical_look", "A declaration asks for a second look"),
                            ("order_confirmed", "An order is confirmed"),
                            ("order_refused", "A purchase order was declined"),
                            ("order_refund", "Money goes back"),
                            ("order_shipped", "A parcel is on its way"),
                            ("order_delayed", "An order is late"),
                            ("payment_failed", "A payment failed"),
                            ("invoice_due", "An invoice is due"),
                            ("return_progress", "A return went on"),
                            ("claim_progress", "A warranty claim went on"),
                            ("renewal_announced", "The next year of a CORE is announced"),
                            ("renewal_reminded", "The next year of a CORE begins soon"),
                            ("renewal_paid", "The next year of a CORE is paid"),
                            ("renewal_failed", "The next year of a CORE could not be charged"),
                            ("renewal_lapsed", "A CORE was stopped because nobody paid its year"),
                        ],
                        max_length=40,
                    ),
                ),
                ("to", models.EmailField(blank=True, max_length=254)),
                ("language", models.CharField(max_length=10)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.CharField(max_length=64)),
                ("context", models.JSONField(blank=True, default=dict)),
                ("message_id", models.CharField(editable=False, max_length=255, unique=True)),
                ("waits_for", models.BigIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Could not be delivered"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("fault", models.CharField(blank=True, max_length=120)),
                ("queued_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("offered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "sending"])),
                        fields=["state", "offered_at"],
                        name="message_undelivered",
                    ),
                    models.Index(fields=["subject_kind", "subject_id"], name="message_subject"),
                    models.Index(condition=models.Q(("to", ""), _negated=True), fields=["to"], name="message_to"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "invitation",
                                    "role_notice",
                                    "account_locked",
                                    "registration_confirmed",
                                    "registration_ended",
                                    "registration_imported",
                                    "import_invitation",
                                    "registration_unfinished",
                                    "outreach_report",
                                    "footage_request",
                                    "footage_reminder",
                                    "footage_received",
                                    "footage_ending",
                                    "footage_deleted",
                                    "request_withdrawn",
                                    "looks_digest",
                                    "footage_looked_at",
                                    "footage_reply",
                                    "canvass_to_approve",
                                    "ledger_alarm",
                                    "core_offline",
                                    "core_online",
                                    "sharing_ending",
                                    "sharing_ended",
                                    "live_viewed",
                                    "watch_flagged",
                                    "glass_overdue",
                                    "critical_look",
                                    "order_confirmed",
                                    "order_refused",
                                    "order_refund",
                                    "order_shipped",
                                    "order_delayed",
                                    "payment_failed",
                                    "invoice_due",
                                    "return_progress",
                                    "claim_progress",
                                    "renewal_announced",
                                    "renewal_reminded",
                                    "renewal_paid",
                                    "renewal_failed",
                                    "renewal_lapsed",
                                ],
                            )
                        ),
                        name="message_kind_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "sending", "sent", "failed"])),
                        name="message_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_at__isnull", False), ("state", "sending")),
                            models.Q(models.Q(("state", "sending"), _negated=True), ("claimed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="message_claimed_while_sending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("context", {}), ("sent_at__isnull", False), ("state", "sent"), ("to", "")),
                            models.Q(
                                models.Q(("state", "sent"), _negated=True),
                                ("sent_at__isnull", True),
                                models.Q(("to", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="message_sent_has_time_and_no_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failed_at__isnull", False), ("state", "failed")),
                            models.Q(models.Q(("state", "failed"), _negated=True), ("failed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="message_failed_has_time",
                    ),
                    models.CheckConstraint(
                        condition=fusus_portal.ground.notifications.models.OnlyTextAndNumbers(
                            models.F("context"),
                            models.Value('strict $.* ? (@.type() != "string" && @.type() != "number")'),
                        ),
                        name="message_context_text_and_numbers",
                    ),
                ],
            },
        ),
    ]
