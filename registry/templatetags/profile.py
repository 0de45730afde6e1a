from typing import Any

from django import template

from registry.places.hooks import tabs_of

register = template.Library()


@register.inclusion_tag("registry/people/profile/tabs.html", takes_context=True)
def profile_tabs(context: template.Context) -> dict[str, Any]:
    request = context["request"]
    return {"tabs": tabs_of(request.user.role), "page": request.resolver_match.url_name}
