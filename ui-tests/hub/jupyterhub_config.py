"""A JupyterHub whose users need no account on this machine: any name, one password, homes apart."""

import os
import sys
from pathlib import Path

here = Path(__file__).parent
run = Path(os.environ["HUB_RUN"])
port = int(os.environ["HUB_PORT"])

c = get_config()  # noqa: F821
c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_port = port + 1
c.JupyterHub.db_url = "sqlite:///:memory:"
c.JupyterHub.cookie_secret_file = str(run / "cookie_secret")
c.JupyterHub.log_level = "ERROR"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 2}"
c.ConfigurableHTTPProxy.pid_file = str(run / "proxy.pid")
c.ConfigurableHTTPProxy.command = [
    str(here.parent / "node_modules" / ".bin" / "configurable-http-proxy"),
    "--log-level=error",
]
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["HUB_PASSWORD"]
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(run / "{username}")
c.Spawner.cmd = [str(Path(sys.executable).with_name("jupyterhub-singleuser"))]
c.Spawner.args = ["--allow-root", "--LabApp.expose_app_in_browser=True", "--log-level=ERROR"]
c.Spawner.default_url = "/lab"
c.Spawner.env_keep.extend(["JUPYTER_PATH"])

# Who stops and starts servers in the tests.
c.JupyterHub.services = [{"name": "tests", "api_token": os.environ["HUB_TOKEN"]}]
c.JupyterHub.load_roles = [
    {"name": "tests", "scopes": ["admin:users", "admin:servers", "tokens"], "services": ["tests"]}
]
