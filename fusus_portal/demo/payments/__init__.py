"""The payment peer of the demo and the tests: replaces the payment service, without an account.

An engine (`localstripe`, a program of its own that we ask over HTTP) keeps cards, intents and charges. A server of ours
in front of it adds hosted Checkout pages, signed webhooks, refunds that change later, and the faults that a test plans.
Both listen on this machine only and keep nothing. The portal can't tell the peer from the service.
"""
