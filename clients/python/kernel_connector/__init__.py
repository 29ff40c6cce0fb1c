"""Ask the page's credential store for a credential, from a kernel."""

from .api import get_credential, get_credentials
from .errors import (
    CredentialDenied,
    CredentialError,
    CredentialNotFound,
    CredentialTimeout,
    NoFrontend,
    ProtocolError,
    StoreLocked,
)
from .secret import Secret

__all__ = [
    "CredentialDenied",
    "CredentialError",
    "CredentialNotFound",
    "CredentialTimeout",
    "NoFrontend",
    "ProtocolError",
    "Secret",
    "StoreLocked",
    "get_credential",
    "get_credentials",
]
