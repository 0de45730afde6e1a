"""Who may do what, and what input is acceptable. Each rule says its refusal in one sentence.

`check_*` raises ValidationError for input (its key is the form's field), `may_*` raises Refused for a person,
`must_*` raises Stale for a thing that has moved on. A page asks the same functions through `why_not`.
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError

from fusus_portal.lifecycle import Denied


def why_not(check: Callable[[], object]) -> str:
    """Return the sentence with which `check` refuses, or "" when it lets the act pass."""
    try:
        check()
    except Denied as denied:
        return denied.sentence
    except ValidationError as invalid:
        return " ".join(invalid.messages)
    return ""
