"""Bare Django, beside which the portal is measured: no middleware, no sign-in, no model, nothing that is written."""
