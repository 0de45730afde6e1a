"""The relay: it takes a camera's video as one long body, and hands it to each viewer as one long answer.

One process takes video from devices, and hands it over to another one, which serves pages.

It keeps the current group of pictures in memory and nothing else, and asks the gate before the first byte and several
times a second for each view. docs/decisions/integration/live-video.md says why, docs/operations.md how it is run.
"""
