"""The line to whoever asks: it is given up when nothing moves on it, so that it keeps no thread busy for nothing."""

from django.http import HttpRequest

SILENCE_SECONDS = 60


def limit_silence(request: HttpRequest) -> None:
    """Let reading from and writing to this line fail after a minute in which no byte moved.

    The sender of a file asks how much arrived and goes on; a player asks for the next part when it needs it.
    """
    line = request.META.get("gunicorn.socket")
    if line is not None:
        line.settimeout(SILENCE_SECONDS)
