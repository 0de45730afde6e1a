"""Django finds the tables of the registry here."""
# ruff: noqa: F401  (an import registers the tables of a module)

import registry.access_log.models
import registry.canvasses.models
import registry.footage.models
import registry.imports.models
import registry.incidents.models
import registry.letters.models
import registry.limits.models
import registry.other_counties.models
import registry.places.models
import registry.registrants.models
