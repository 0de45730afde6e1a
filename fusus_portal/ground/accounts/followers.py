"""What is done above when an account may do less than before: it is disabled, locked, or has another role."""

from collections.abc import Callable

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Hook

may_do_less = Hook[Callable[[User, Actor], None]]("fusus_portal.ground.accounts.followers.may_do_less")
"""Called inside the transaction of the act, once the account is written. Live view must answer, or the start stops."""
