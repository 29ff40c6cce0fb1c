"""The server of the UI tests: a home of its own, and a record of all that passes through it."""

import os
import sys
import tempfile
from pathlib import Path

from jupyterlab.galata import configure_jupyter_server

here = Path(__file__).parent
home = Path(os.environ["UI_TESTS_HOME"])
if Path.home() != home or not home.is_relative_to(tempfile.gettempdir()):
    raise SystemExit("The tests would use your own ~/.credentialstore.")

sys.path.insert(0, str(here / "support"))
import policy  # noqa: E402
import record  # noqa: E402

c = get_config()  # noqa: F821
configure_jupyter_server(c)
c.ServerApp.allow_root = True
# The page is opened as http://plain.test, too.
c.ServerApp.allow_remote_access = True
c.JupyterNotebookApp.expose_app_in_browser = True
# In the home, where they are looked through; Galata's are elsewhere.
c.LabApp.workspaces_dir = str(home / "workspaces")
record.output(home / "record")
record.log(c, home / "record")
record.kernels(c, home / "record")
record.http(c, home / "record")
policy.scripts(c)
