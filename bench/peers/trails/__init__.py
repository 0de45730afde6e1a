"""Other ways to keep a trail of changes in Django, beside which the ledger is measured. Never part of the portal."""
