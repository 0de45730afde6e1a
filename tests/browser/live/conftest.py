"""Fixtures of live view."""

from tests.browser.live.relayed import kept_live, open_relayed, relayed

__all__ = ["kept_live", "open_relayed", "relayed"]
