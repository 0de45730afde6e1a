from allauth.account.auth_backends import AuthenticationBackend


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """Signs people in by e-mail and password (allauth). Grants no permissions: roles do, in access/permissions.py."""

    def get_user_permissions(self, user_obj: object, obj: object = None) -> set[str]:
        return set()

    get_group_permissions = get_all_permissions = get_user_permissions
