from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "fusus_portal.ground.accounts"

    def ready(self) -> None:
        import_module("fusus_portal.ground.accounts.sign_in.receivers").connect()
        import_module("fusus_portal.ground.accounts.extensions").register()
        import_module("fusus_portal.ground.accounts.messages")
