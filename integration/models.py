"""The tables of integration. Django looks for them here."""
# ruff: noqa: F401  (importing a module is what makes its tables known)

import integration.clips.models
import integration.cores.models
import integration.critical.models
import integration.live.models
import integration.sharing.models
import integration.watch_hours.models
