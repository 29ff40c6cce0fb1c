"""Ask the credential store for a credential, from a kernel or a script."""

from .api import get_credential, get_credentials, source
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
    "source",
]
