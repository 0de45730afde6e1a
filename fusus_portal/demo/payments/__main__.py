"""`python -m fusus_portal.demo.payments PORT [WEBHOOK-URL]`: runs the peer until SIGTERM or Ctrl-C.

STRIPE_WEBHOOK_SECRET holds the secret that signs its webhooks. Port 0 takes a free one; the first line printed is the
peer's address.
"""

import os
import signal
import sys

from fusus_portal.demo.payments import engine
from fusus_portal.demo.payments.server import Server


def main(arguments: list[str]) -> int:
    # Like Ctrl-C, so that the engine ends too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    running = engine.start_engine()
    try:
        with Server(running, int(arguments[0])) as server:
            webhooks = server.checkout.money.webhooks
            webhooks.url = arguments[1] if len(arguments) > 1 else ""
            webhooks.secret = os.environ.get("STRIPE_WEBHOOK_SECRET", "")
            sys.stdout.write(f"{server.checkout.base}\n")
            sys.stdout.flush()
            server.serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
