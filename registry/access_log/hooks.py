"""The contract on pages that name an owner: nouns and apps above register the kinds of rows whose pages do."""

from dataclasses import dataclass

from django.utils.functional import Promise

from fusus_portal.ground.hooks import Contract


@dataclass(frozen=True, slots=True)
class NamedWith:
    """A kind of row whose page names its owner. name: of its subject. words: for the owner, with `%(number)s`."""

    name: str
    words: str | Promise


named_with = Contract[NamedWith]()
