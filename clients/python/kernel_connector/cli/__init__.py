"""The command `credentialstore`: the store from a terminal or a script.

`app` has the commands, `reading`, `writing`, `agents` and `running` what they do; `session` opens
the store for them, `outcome` knows the exit codes, `screen` what is shown.
"""

from __future__ import annotations

import sys


def main() -> None:
    """The console script. Ends the process."""
    try:
        from .app import run
    except ImportError as error:
        print(
            f"credentialstore needs {error.name or 'a package'}: "
            'pip install "kernel-connector[vault]"',
            file=sys.stderr,
        )
        raise SystemExit(1) from None
    raise SystemExit(run())
