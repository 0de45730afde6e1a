from celery import shared_task

from integration.sharing import services

end_agreements = shared_task(name=services.ENDER)(services.end_due_agreements)
forget_agreements = shared_task(name=services.FORGETTER)(services.forget_due_agreements)
remind_agreements = shared_task(name=services.REMINDER)(services.remind_of_agreements)
