from celery import shared_task

from integration.critical import services

end_declarations = shared_task(name=services.DECLARATION_ENDER)(services.end_due_declarations)
flag_broken_glass = shared_task(name=services.GLASS_FLAGGER)(services.flag_overdue_glass)
