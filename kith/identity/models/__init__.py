"""Tables of the house's people: who they are, how they come in, and what let them in."""

from .directory import DirectoryGroup, DirectoryUser
from .doors import Bucket, Device, Failure, OneTimeLink, Session
from .people import Deputy, SkippedStep, Team, User, UserManager
from .programs import App, Permit, PermitCode, Renewal
from .providers import LinkedAccount, Provider
from .tokens import Token

__all__ = [
    "App",
    "Bucket",
    "Deputy",
    "Device",
    "DirectoryGroup",
    "DirectoryUser",
    "Failure",
    "LinkedAccount",
    "OneTimeLink",
    "Permit",
    "PermitCode",
    "Provider",
    "Renewal",
    "Session",
    "SkippedStep",
    "Team",
    "Token",
    "User",
    "UserManager",
]
