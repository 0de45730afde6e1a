"""Fixtures of live view."""

from tests.browser.live.relayed import kept_live, relayed

__all__ = ["kept_live", "relayed"]
