"""Install what the project needs into .venv and node_modules, and build its wheels.

Each step leaves a stamp with the digest of what it was made from, so that it runs again only
when that has changed. Run as a program it builds both wheels into dist/.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
#: As a person has it: what pip makes of the wheels, and nothing of ours besides.
FRESH = ROOT / ".venv-fresh"
#: JupyterHub, and the wheels for the servers that it starts.
HUB = ROOT / ".venv-hub"
DIST = ROOT / "dist"
UI_TESTS = ROOT / "ui-tests"
LABEXTENSION = ROOT / "jupyterlab_credential_store" / "labextension"

_FRONTEND = ("src", "style", "schema", "package.json", "yarn.lock", "tsconfig.json")
_PYTHON = (
    "clients/python/kernel_connector",
    "clients/python/pyproject.toml",
    "clients/python/README.md",
    "jupyterlab_credential_store",
    "jupyter-config",
    "install.json",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)
#: In the folders above, but in no wheel.
_NOT_BUILT = re.compile(r"/(tests|testing|labextension|__pycache__)/|\.spec\.tsx?$|_version\.py$")


def fail(sentence: str) -> NoReturn:
    """End with one sentence for the person."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def say(text: str) -> None:
    print(f"» {text}", flush=True)


def environment(**more: str) -> dict[str, str]:
    """The process's environment, as if .venv were activated."""
    env = {**os.environ, **more, "VIRTUAL_ENV": str(VENV)}
    env["PATH"] = f"{BIN}{os.pathsep}{env['PATH']}"
    env.pop("PYTHONHOME", None)
    return env


def run(*command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    """Run a command; end with its name if it fails."""
    words = [str(word) for word in command]
    if subprocess.run(words, cwd=cwd, env=env or environment()).returncode:
        fail(f"This command failed, see above: {' '.join(words)}")


def files(paths: Iterable[str]) -> list[Path]:
    """The files at and below these paths that the build reads."""
    found: list[Path] = []
    for path in paths:
        top = ROOT / path
        below = [p for p in top.rglob("*") if p.is_file()] if top.is_dir() else [top]
        found += [p for p in below if p.exists() and not _NOT_BUILT.search(p.as_posix())]
    return sorted(found)


def once(step: str, message: str, sources: Sequence[Path], made: Path | None = None) -> bool:
    """Whether a step has to run: its sources changed, or what it makes is not there.

    `stamp` says afterwards that it did.
    """
    stamp = _stamp(step)
    if stamp.exists() and stamp.read_text() == _digest(sources) and (not made or made.exists()):
        return False
    say(message)
    stamp.unlink(missing_ok=True)
    return True


def stamp(step: str, sources: Sequence[Path]) -> None:
    _stamp(step).parent.mkdir(exist_ok=True)
    _stamp(step).write_text(_digest(sources))


def forget(step: str) -> None:
    _stamp(step).unlink(missing_ok=True)


def _stamp(step: str) -> Path:
    return VENV / ".stamps" / step


def _digest(sources: Sequence[Path]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in sources:
        digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def pip(*arguments: str | Path) -> None:
    run(BIN / "python", "-m", "pip", "install", "--quiet", *arguments)


def install_debian(*packages: str) -> bool:
    """Whether it was tried: where there is apt-get, and we may."""
    if not shutil.which("apt-get"):
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and (not shutil.which("sudo") or subprocess.run([*sudo, "true"]).returncode):
        return False
    say(f"Installing Debian's {' '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = ("--yes", "-qq", "--no-install-recommends")
    for command in (["update", "-qq"], ["install", *quiet, *packages]):
        subprocess.run([*sudo, "apt-get", *command], env=env, stdout=subprocess.DEVNULL)
    return True


def install_python() -> None:
    """.venv, with JupyterLab and what builds the wheels."""
    if not (BIN / "python").exists():
        if importlib.util.find_spec("ensurepip") is None:
            fail("Python's venv module is incomplete here: apt install python3-venv.")
        say("Creating .venv")
        run(sys.executable, "-m", "venv", "--clear", VENV, env=dict(os.environ))
    sources = files(["scripts/requirements.txt"])
    if once("python", "Installing JupyterLab into .venv", sources, BIN / "jupyter-lab"):
        pip("-r", sources[0])
        stamp("python", sources)


def install_node() -> None:
    """node_modules, as yarn.lock has it."""
    node = shutil.which("node")
    version = subprocess.check_output([node, "--version"], text=True) if node else ""
    if not node or int(version.lstrip("v").split(".")[0]) < 20:
        there = f"here is {version.strip()}" if version else "there is none in the PATH"
        fail(f"Node.js 20 or newer is needed to build ({there}): see https://nodejs.org.")
    jlpm_install(ROOT)


def jlpm_install(folder: Path) -> None:
    name = folder.relative_to(ROOT).as_posix()
    sources = [folder / f for f in ("package.json", "yarn.lock", ".yarnrc.yml")]
    step = f"node-{folder.name}" if folder != ROOT else "node"
    made = folder / "node_modules" / ".yarn-state.yml"
    if once(step, f"Installing the JavaScript packages of {name}", sources, made):
        run(BIN / "jlpm", "install", "--immutable", cwd=folder)
        stamp(step, sources)


def build_wheels() -> list[Path]:
    """Both wheels in dist/: the kernel's package, and the extension that depends on it."""
    install_python()
    frontend = files(_FRONTEND)
    sources = frontend + files(_PYTHON)
    if not once("wheels", "Building the wheels", sources, DIST) and len(_wheels()) == 2:
        return _wheels()
    install_node()
    if once("frontend", "Building the page's part", frontend, LABEXTENSION / "package.json"):
        run(BIN / "jlpm", "build:prod")
        stamp("frontend", frontend)
    shutil.rmtree(DIST, ignore_errors=True)
    for folder in ("clients/python", "."):
        # No isolation: what it needs is in .venv already.
        run(
            *(BIN / "python", "-m", "build", "--wheel", "--no-isolation"),
            *("--outdir", DIST, folder),
        )
    stamp("wheels", sources)
    return _wheels()


def _wheels() -> list[Path]:
    return sorted(DIST.glob("kernel_connector-*.whl")) + sorted(
        DIST.glob("jupyterlab_credential_store-*.whl")
    )


def install() -> list[Path]:
    """JupyterLab with the extension in .venv, from the wheels that people get."""
    wheels = build_wheels()
    if once("installed", "Installing the extension into .venv", wheels):
        pip(*wheels)
        # The version is the same as before, so pip has to be told.
        pip("--force-reinstall", "--no-deps", *wheels)
        stamp("installed", wheels)
    return wheels


def install_fresh(wheels: Sequence[Path]) -> None:
    """A second environment, made with `pip install` alone: without Node.js, without the sources."""
    _install_apart(FRESH, "fresh", wheels, [])


def install_hub(wheels: Sequence[Path]) -> None:
    """A third one, with JupyterHub. Its proxy is in ui-tests' node_modules."""
    _install_apart(HUB, "hub", wheels, files(["ui-tests/hub/requirements.txt"]))


def _install_apart(
    venv: Path, step: str, wheels: Sequence[Path], requirements: Sequence[Path]
) -> None:
    sources, made = [*wheels, *requirements], venv / "bin" / "jupyter-lab"
    if once(step, f"Installing the wheels into {venv.name}", sources, made):
        run(sys.executable, "-m", "venv", "--clear", venv, env=dict(os.environ))
        needed: list[str | Path] = [*wheels, "jupyterlab>=4.6,<4.7", "ipykernel"]
        for path in requirements:
            needed += ["-r", path]
        run(
            *(venv / "bin" / "python", "-m", "pip", "install", "--quiet", *needed),
            env={**os.environ, "PATH": f"{venv / 'bin'}"},
        )
        stamp(step, sources)


if __name__ == "__main__":
    for wheel in build_wheels():
        print(wheel.relative_to(ROOT))
