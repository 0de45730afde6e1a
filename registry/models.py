"""Django finds the tables of the registry here."""
# ruff: noqa: F401  (an import registers the tables of a module)

import registry.access_log.models
import registry.canvasses.models.approvals
import registry.canvasses.models.canvasses
import registry.canvasses.models.purposes
import registry.canvasses.models.replies
import registry.canvasses.models.unverified_searches
import registry.footage.models.files
import registry.footage.models.holds
import registry.footage.models.retention
import registry.imports.models
import registry.incidents.models.dispatch
import registry.incidents.models.incidents
import registry.incidents.models.types
import registry.joins.models
import registry.letters.models
import registry.limits.models
import registry.other_counties.models
import registry.people.models
import registry.places.models
