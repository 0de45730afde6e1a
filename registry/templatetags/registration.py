from typing import Any

from django import template

from registry.people.views.registration import LABELS

register = template.Library()


@register.inclusion_tag("components/step_indicator.html")
def first_step_of_registering() -> dict[str, Any]:
    return {"steps": LABELS, "current": 1}
