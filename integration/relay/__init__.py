"""The relay: it takes a camera's video as one long body, and hands it to each viewer as one long answer.

One process takes video from devices, and hands it over to another process, which serves pages.

A relay keeps the current group of pictures in memory and nothing else. It asks the gate before the first byte and
several times a second for each view. See docs/decisions/integration/live-video.md, and docs/operations.md to run it.
"""
