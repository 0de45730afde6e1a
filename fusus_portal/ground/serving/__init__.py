"""How the portal is served: gunicorn, with a worker of ours in which whoever is slow holds no thread.

See docs/decisions/ground/slow-senders.md.
"""
