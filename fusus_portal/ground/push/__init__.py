"""Notices on a device (Web Push): a browser of the agency's people shows one sentence when something waits for them."""
