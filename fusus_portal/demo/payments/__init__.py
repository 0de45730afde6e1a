"""The payment peer of the demo and of the tests: what stands in for the payment service, without an account.

An engine (`localstripe`, a program of its own that we ask over HTTP) keeps cards, intents and charges. A server of ours
in front of it adds what the engine lacks: hosted Checkout pages, signed webhooks, refunds that turn later, and the
faults that a test plans. Both listen on this machine only and keep nothing. The portal never asks whether it talks to
the peer or to the service.
"""
