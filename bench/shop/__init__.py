"""The shop, beside django-oscar where there is one."""
