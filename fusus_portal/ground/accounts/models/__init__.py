from fusus_portal.ground.accounts.models.identities import Identity
from fusus_portal.ground.accounts.models.role_changes import RoleChange
from fusus_portal.ground.accounts.models.sign_ins import SignInFailure
from fusus_portal.ground.accounts.models.suspensions import Suspension
from fusus_portal.ground.accounts.models.users import User

__all__ = ["Identity", "RoleChange", "SignInFailure", "Suspension", "User"]
