"""The relay: it takes a camera's video as one long body, and hands it to each viewer as one long answer.

One process takes video from devices, and hands it over to another, which serves pages and asks the gate again and
again. See docs/decisions/integration/live-video.md, and docs/operations.md to run it.
"""
