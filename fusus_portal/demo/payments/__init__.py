"""The payment peer of the demo and of the tests: what stands in for the payment service, without an account.

An engine (`localstripe`, a program of its own that we only talk HTTP to) keeps cards, intents and charges. Before it
stands a server of ours, with what the engine lacks: hosted Checkout pages, signed webhooks, refunds that turn later,
and the faults that a test plans. Both listen on this machine only and keep nothing. The portal never asks which of
the two it talks to.
"""
