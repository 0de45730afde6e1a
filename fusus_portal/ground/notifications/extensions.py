from fusus_portal.ground.notifications import kinds, messages
from fusus_portal.ground.notifications.kinds import MessageKind


def register() -> None:
    kinds.register(MessageKind.TEXT_CODE, messages.text_code)
    kinds.register(MessageKind.TEXTS_ON, messages.texts_on)
