"""Contract on pages that show an owner's name: nouns and apps above register the kinds of rows that have one."""

from dataclasses import dataclass

from django.utils.functional import Promise

from fusus_portal.ground.hooks import Contract


@dataclass(frozen=True, slots=True)
class NamedWith:
    """A kind of row whose page shows an owner's name. name: its subject kind. words: for owners, with `%(number)s`."""

    name: str
    words: str | Promise


named_with = Contract[NamedWith]()
