"""How an account is found for a sign-in."""

from allauth.account.auth_backends import AuthenticationBackend


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """E-mail and password, by allauth. Permissions are the access app's: this one grants none."""

    def get_user_permissions(self, user_obj: object, obj: object = None) -> set[str]:
        """Return nothing: what a role may do is in a table of the code, not in the database."""
        return set()

    def get_group_permissions(self, user_obj: object, obj: object = None) -> set[str]:
        """Return nothing, as above."""
        return set()

    def get_all_permissions(self, user_obj: object, obj: object = None) -> set[str]:
        """Return nothing, as above."""
        return set()
