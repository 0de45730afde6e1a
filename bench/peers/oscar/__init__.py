"""A project around django-oscar's shop. It runs in an environment of its own, and nothing here imports the portal."""
