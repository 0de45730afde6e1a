"""The people of the story, each at a window of their own."""

from dataclasses import dataclass

from fusus_portal.ground.accounts.models import User
from tests.browser.mailbox import Mailbox
from tests.browser.window import Window


@dataclass(frozen=True)
class People:
    """Everybody at a window, and all mail that went out.

    home: the resident, signed in; phone: the same person with nothing but the link; desk: the deputy;
    office: the supervisor.
    """

    home: Window
    phone: Window
    desk: Window
    office: Window
    deputy: User
    supervisor: User
    mailbox: Mailbox
