from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0015_parcels"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="message_kind_in_list",
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
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
                    ("order_confirmed", "An order is confirmed"),
                    ("order_refused", "A purchase order was declined"),
                    ("order_refund", "Money goes back"),
                    ("order_shipped", "A parcel is on its way"),
                    ("order_delayed", "An order is late"),
                    ("payment_failed", "A payment failed"),
                    ("return_progress", "A return went on"),
                ],
                max_length=40,
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
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
                            "order_confirmed",
                            "order_refused",
                            "order_refund",
                            "order_shipped",
                            "order_delayed",
                            "payment_failed",
                            "return_progress",
                        ],
                    )
                ),
                name="message_kind_in_list",
            ),
        ),
    ]
