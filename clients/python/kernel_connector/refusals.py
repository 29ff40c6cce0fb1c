"""Words for each way in which the page hands out nothing."""

from __future__ import annotations

from .errors import (
    CredentialDenied,
    CredentialError,
    CredentialNotFound,
    CredentialTimeout,
    ProtocolError,
    StoreLocked,
)
from .protocol import Reply, Want

_REFUSALS: dict[str, tuple[type[CredentialError], str]] = {
    "denied": (
        CredentialDenied,
        "You denied this notebook {names}. Run the cell again to be asked again.",
    ),
    "blocked": (
        CredentialDenied,
        "{names} was denied without asking, as you chose for this kernel. "
        "Restart the kernel to be asked again.",
    ),
    "busy": (
        CredentialDenied,
        "{names} was denied, since too many requests are waiting. "
        "Answer those in the page, then run the cell again.",
    ),
    "closed": (
        CredentialDenied,
        "The page was closed before you decided on {names}. Run the cell again.",
    ),
    "locked": (
        StoreLocked,
        "The credential store is locked, so {names} cannot be read. "
        "Run the cell again and enter the passphrase.",
    ),
    "no-store": (
        StoreLocked,
        "There is no credential store to read {names} from. "
        "Open the key icon in the sidebar to see why, or to create one.",
    ),
    "timeout": (
        CredentialTimeout,
        "Nobody decided on {names} in time. Run the cell again, or allow a longer timeout.",
    ),
    "invalid": (
        ProtocolError,
        "The page's credential store cannot read this request for {names}. "
        "Update kernel-connector here, or jupyterlab-credential-store there.",
    ),
}


def refusal(reply: Reply, want: list[Want], how: str) -> CredentialError:
    """The error for a reply that is not `granted`. how: a missing credential can be added."""
    if reply.status == "not-found":
        return CredentialNotFound(_not_found(reply, [want[i] for i in reply.missing], how))
    kind, words = _REFUSALS[reply.status]
    return kind(words.format(names=listed(want)))


def _not_found(reply: Reply, missing: list[Want], how: str) -> str:
    suggest = [quoted(name) for name in reply.suggest]
    if reply.what == "credential":
        hint = f" Did you mean {' or '.join(suggest[:3])}?" if suggest else ""
        add = "it" if len(missing) == 1 else "them"
        return f"There is no credential {listed(missing)}.{hint} Add {add} {how}."
    one = missing[0]
    name = quoted(one.name)
    if one.field is not None:
        fields = f" Its fields are {', '.join(suggest)}." if suggest else ""
        return f"The credential {name} has no field {quoted(one.field)}.{fields}"
    fields = f": {', '.join(suggest)}" if suggest else ""
    example = suggest[0] if suggest else '"its name"'
    return (
        f"The credential {name} has several fields{fields}. "
        f"Name the one you want: get_credential({name}, {example})."
    )


def listed(want: list[Want]) -> str:
    """The names for a message: `"db", "api"`."""
    return ", ".join(quoted(one.name) for one in want)


def quoted(name: str) -> str:
    """The name in quotes, with what a terminal would obey made visible."""
    return '"' + "".join(c if c.isprintable() else _escaped(c) for c in name) + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
