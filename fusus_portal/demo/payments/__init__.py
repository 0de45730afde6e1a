"""The payment peer of the demo and the tests: replaces the payment service, without an account.

An engine (`localstripe`, which we ask over HTTP) keeps cards, intents and charges. A server of ours in front of it adds
Checkout pages, signed webhooks, refunds that change later, and planned faults. Both listen on this machine only.
"""
