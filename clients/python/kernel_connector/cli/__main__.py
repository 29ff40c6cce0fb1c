"""`python -m kernel_connector.cli`, where the console script is not in the PATH."""

from __future__ import annotations

from . import main

if __name__ == "__main__":
    main()
