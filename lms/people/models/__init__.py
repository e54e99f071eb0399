"""Tables of people and units."""

from lms.people.models.erasure import ErasureRequest, ErasureState
from lms.people.models.memberships import Membership
from lms.people.models.recovery import ResetRequest
from lms.people.models.sent_forms import SentForm
from lms.people.models.sessions import UserSession
from lms.people.models.throttles import Throttle
from lms.people.models.tokens import ApiToken
from lms.people.models.units import Unit, UnitKind, UnitName, UnitSuccession
from lms.people.models.users import ActivationCode, Profile, SensitiveProfile, User

__all__ = [
    "ActivationCode",
    "ApiToken",
    "ErasureRequest",
    "ErasureState",
    "Membership",
    "Profile",
    "ResetRequest",
    "SensitiveProfile",
    "SentForm",
    "Throttle",
    "Unit",
    "UnitKind",
    "UnitName",
    "UnitSuccession",
    "User",
    "UserSession",
]
