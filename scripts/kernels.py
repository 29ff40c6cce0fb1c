"""Install the kernels that the tests of clients/r and clients/js run in, and both clients.

    python scripts/kernels.py

R comes from Debian, where apt-get is and we may; Deno from the npm registry, as
clients/js/yarn.lock has it. All that is ours lies in .cache/kernels, so that no kernel of the
person is touched. Each step runs again only when its sources changed. A kernel that cannot be had
is left out, with a word.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import project
from project import ROOT, install_debian, once, run, say, stamp

KERNELS = ROOT / ".cache" / "kernels"
#: For JUPYTER_PATH.
JUPYTER = KERNELS / "jupyter"
R_LIBRARY = KERNELS / "r-library"
#: The folder of a notebook, with the JavaScript client installed as its README says.
NOTEBOOK = KERNELS / "notebook"

R_CLIENT = ROOT / "clients" / "r"
JS_CLIENT = ROOT / "clients" / "js"
#: testthat is for the tests alone.
DEBIAN = ("r-base-core", "r-cran-irkernel", "r-cran-sodium", "r-cran-testthat")
R_PACKAGES = ("IRkernel", "sodium", "testthat")

_SPEC_OF_R = JUPYTER / "kernels" / "ir"
_SPEC_OF_DENO = JUPYTER / "kernels" / "deno"


def environment() -> dict[str, str]:
    """What the kernels are started with, besides the process's environment."""
    return {
        "JUPYTER_PATH": str(JUPYTER),
        "R_LIBS": str(R_LIBRARY),
        "DENO_DIR": str(KERNELS / "deno-dir"),
        "DENO_NO_UPDATE_CHECK": "1",
    }


def deno() -> Path | None:
    """The program itself, without the script in node_modules/.bin that copies it first."""
    return next((JS_CLIENT / "node_modules" / "@deno").glob("*/deno*"), None)


def has_r() -> bool:
    return shutil.which("R") is not None and (_SPEC_OF_R / "kernel.json").exists()


def has_deno() -> bool:
    return deno() is not None and (_SPEC_OF_DENO / "kernel.json").exists()


def install() -> None:
    project.install_python()
    KERNELS.mkdir(parents=True, exist_ok=True)
    install_r()
    install_deno()


def install_r() -> None:
    """R with its kernel, and the client in a library of its own."""
    parts = ("DESCRIPTION", "NAMESPACE", "LICENSE", "R", "man")
    sources = project.files(f"clients/r/{part}" for part in parts)
    if has_r() and not once("r", "Installing the R client", sources, R_LIBRARY):
        return
    if not _has_r_packages():
        install_debian(*DEBIAN)
    if not _has_r_packages():
        say(f"No R kernel: install Debian's {' '.join(DEBIAN)}, or {' '.join(R_PACKAGES)} in R")
        return
    R_LIBRARY.mkdir(exist_ok=True)
    run("R", "CMD", "INSTALL", f"--library={R_LIBRARY}", R_CLIENT)
    expression = 'cat(system.file("kernelspec", package = "IRkernel"))'
    spec = subprocess.check_output(["Rscript", "-e", expression], text=True)
    # Without kernel.js, which is for the notebook of old, and would be linted as ours.
    shutil.copytree(spec, _SPEC_OF_R, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.js"))
    stamp("r", sources)


def _has_r_packages() -> bool:
    needed = ", ".join(f'"{name}"' for name in R_PACKAGES)
    expression = f"for (name in c({needed})) loadNamespace(name)"
    return bool(
        shutil.which("Rscript")
        and subprocess.run(["Rscript", "-e", expression], capture_output=True).returncode == 0
    )


def install_deno() -> None:
    """Deno with its kernel, and the client in the folder of a notebook."""
    project.jlpm_install(JS_CLIENT)
    program = deno()
    if program is None:
        say("No Deno kernel: the npm registry has no Deno for this machine")
        return
    sources = project.files(["clients/js/package.json", "clients/js/src"])
    if has_deno() and not once("deno", "Installing the JavaScript client", sources, NOTEBOOK):
        return
    # The version is the same as before, so npm would leave it as it is.
    shutil.rmtree(NOTEBOOK, ignore_errors=True)
    NOTEBOOK.mkdir()
    # Without a prefix npm looks for a package.json further up, and changes the project's. A copy,
    # as from the registry, not a link into the sources.
    options = (f"--prefix={NOTEBOOK}", "--install-links", "--no-audit", "--no-fund")
    run("npm", "install", *options, "--loglevel=error", JS_CLIENT, cwd=NOTEBOOK)
    # It has no option for the place.
    env = {**os.environ, **environment(), "XDG_DATA_HOME": str(KERNELS)}
    run(program, "jupyter", "--install", "--force", "--name", "deno", env=env)
    stamp("deno", sources)


if __name__ == "__main__":
    install()
    print(f"R: {_SPEC_OF_R if has_r() else 'missing'}")
    print(f"Deno: {_SPEC_OF_DENO if has_deno() else 'missing'}")
