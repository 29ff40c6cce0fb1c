"""The commands and their options: what `credentialstore --help` says."""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class

from ..agent import client
from ..location import PATH_VARIABLE, shown, store_path
from ..protocol import Want
from ..refusals import quoted
from . import agents, reading, running, screen, writing
from .outcome import HELP, Exit, Failure, failure_of

NAME = "credentialstore"
_COMPLETE = "_CREDENTIALSTORE_COMPLETE"


def run(arguments: list[str] | None = None) -> int:
    """Run a command line. Returns the exit code; errors are one or two sentences."""
    try:
        code = app.main(arguments, NAME, complete_var=_COMPLETE, standalone_mode=False)
        # Here, where a reader that is gone can still be told from another error.
        sys.stdout.flush()
        return int(code or 0)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        screen.say("Interrupted; nothing was changed.")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; nor does Python need to complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FAILED
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            # Its message may have anything in it.
            what = f"{type(error).__name__}{_place_of(error)}"
            screen.say(f"{NAME} broke off ({what}). Please report it.")
            return Exit.FAILED
        screen.say(str(failure))
        return failure.code


def _place_of(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f", {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""


def _version() -> str:
    try:
        return version("kernel-connector")
    except PackageNotFoundError:
        return "unknown"


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names for the shell, while the agent has them: nothing is asked."""
    try:
        root = ctx.find_root().params.get("store")
        found = client.rows(store_path(root))
    except (client.NoAgent, client.AgentRefused, ValueError):
        return []
    return [CompletionItem(row["name"]) for row in found if row["name"].startswith(incomplete)]


class _Group(click.Group):
    """Commands in the order in which they are first needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")
_name = click.argument("name", shell_complete=_names)
_user = click.option("--user", help="User name.")
_url = click.option("--url", help="Where it is used.")
_tags = click.option("--tag", "tags", multiple=True, help="May be given several times.")


@click.group(
    cls=_Group,
    epilog=HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--store",
    envvar=PATH_VARIABLE,
    metavar="FILE",
    help=f"The store's file; else {PATH_VARIABLE}, else ~/.credentialstore.",
)
@click.version_option(_version(), prog_name=NAME)
@click.pass_context
def app(ctx: click.Context, store: str | None) -> None:
    """The credential store of JupyterLab, from a terminal or a script.

    The passphrase is asked for at the terminal, unless CREDENTIALSTORE_PASSPHRASE or
    CREDENTIALSTORE_PASSPHRASE_FILE has it. Values are never taken from arguments.
    """
    try:
        ctx.obj = store_path(store)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@app.command()
@click.option(
    "--suite",
    type=click.Choice(["nacl", "aes"]),
    default="nacl",
    show_default=True,
    help="The cipher: XSalsa20-Poly1305, or AES-256-GCM.",
)
@click.option("--no-recovery", is_flag=True, help="Make no recovery code.")
@_json
@click.pass_obj
def init(path: Path, suite: Any, no_recovery: bool, as_json: bool) -> None:
    """Make a store, and show its recovery code."""
    code = writing.init(path, suite, not no_recovery)
    screen.say(f"{shown(path)} is made.")
    _show_code(code, as_json)


@app.command("list")
@_json
@click.pass_obj
def list_(path: Path, as_json: bool) -> None:
    """List what is there, without values."""
    reading.show(reading.rows(path), as_json)


@app.command()
@_name
@click.argument("field", required=False)
@_json
@click.pass_obj
def get(path: Path, name: str, field: str | None, as_json: bool) -> None:
    """Print a value: the field, or the only one, or the one named `value`.

    To a file or a program goes the value and nothing else, no line feed either.
    """
    (value,) = reading.values(path, [Want(name, field)])
    if as_json:
        screen.json_out({"name": name, "field": field, "value": str(value)})
    else:
        screen.value_out(str(value))


@app.command("set")
@_name
@click.option("--field", help="The field to set, instead of the only one or `value`.")
@click.option("--text", is_flag=True, help="The field is no secret: it is shown in the sidebar.")
@_user
@_url
@_tags
@click.pass_obj
def set_(path: Path, /, name: str, tags: tuple[str, ...], **options: Any) -> None:
    """Add a credential, or set a value of one.

    The value is typed, or comes from standard input, of which one line feed at the end is dropped.
    """
    new = writing.put(path, name, tags=tags, **options)
    screen.say(f"{quoted(name)} is {'added' if new else 'changed'}.")


@app.command()
@_name
@_user
@_url
@_tags
@click.pass_obj
def edit(path: Path, name: str, user: str | None, url: str | None, tags: tuple[str, ...]) -> None:
    """Change a credential in your editor, or what the options give.

    The editor gets JSON with all values, in a file of yours that lies in memory where there is
    such a place, and is removed.
    """
    changed = writing.edit(path, name, user, url, tags or None)
    screen.say(f"{quoted(name)} is {'changed' if changed else 'as it was'}.")


@app.command()
@click.argument("names", nargs=-1, required=True, shell_complete=_names)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def rm(path: Path, names: tuple[str, ...], yes: bool) -> None:
    """Delete credentials."""
    writing.remove(path, names, yes)
    screen.say(f"Deleted {', '.join(quoted(name) for name in names)}.")


@app.command()
@click.argument("old", shell_complete=_names)
@click.argument("new")
@click.pass_obj
def mv(path: Path, old: str, new: str) -> None:
    """Give a credential another name."""
    writing.rename(path, old, new)
    screen.say(f"{quoted(old)} is {quoted(new)} now.")


@app.command()
@click.argument("text")
@_json
@click.pass_obj
def search(path: Path, text: str, as_json: bool) -> int:
    """List those with all words of TEXT in their name, user, URL or tags."""
    found = reading.matching(reading.rows(path), text)
    reading.show(found, as_json)
    if not found:
        screen.say(f"No credential matches {quoted(text)}.")
    return Exit.OK if found else Exit.NOT_FOUND


@app.command()
@click.option(
    "--output", type=click.Path(path_type=Path), help="A new file, mode 0600; else standard output."
)
@click.pass_obj
def export(path: Path, output: Path | None) -> None:
    """Write all entries, in the clear, as JSON."""
    count = reading.export(path, output)
    screen.say(f"{count} entries are exported, in the clear.")


@app.command()
@click.option("--recovery", is_flag=True, help="Open it with the recovery code.")
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path),
    help="A file with the new passphrase, instead of typing it.",
)
@_json
@click.pass_obj
def passwd(path: Path, recovery: bool, new_passphrase_file: Path | None, as_json: bool) -> None:
    """Change the passphrase, and with it the key of everything.

    Backups are removed, since the old passphrase opens them; there is a new recovery code.
    """
    code = writing.change_passphrase(path, recovery, new_passphrase_file)
    client.lock(path)
    screen.say("The passphrase is changed.")
    _show_code(code, as_json)


@app.command()
@_json
@click.pass_obj
def check(path: Path, as_json: bool) -> None:
    """Decrypt everything, and tell whether something was altered."""
    reading.check(path, as_json)


@app.command()
@click.option(
    "--for", "how_long", default="1h", show_default=True, metavar="TIME", help="90s, 15m, 8h or 1d."
)
@click.pass_obj
def unlock(path: Path, how_long: str) -> None:
    """Let an agent hold the key for a while.

    Then list, search, get, run, and get_credential() of scripts need no passphrase. What changes
    the store still does.
    """
    try:
        seconds = agents.seconds_of(how_long)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--for") from None
    agents.unlock(path, seconds)


@app.command()
@click.pass_obj
def lock(path: Path) -> None:
    """End the agent."""
    agents.lock(path)


@app.command()
@_json
@click.pass_obj
def path(path: Path, as_json: bool) -> None:
    """Print where the store's file is."""
    if as_json:
        about = {"path": str(path), "target": os.path.realpath(path), "exists": path.exists()}
        screen.json_out(about)
    else:
        print(path)


@app.command(
    "run",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog="""\b
Exit codes
  the command's own, or 128 and the number of the signal that ended it
  126, 127  the command cannot be run, or is not there
  others    as of credentialstore itself, and then nothing was run""",
)
@click.option(
    "-e",
    "--env",
    "env",
    multiple=True,
    required=True,
    metavar="VARIABLE=NAME[:FIELD]",
    help="Put a value into the command's environment.",
)
@click.option(
    "--no-masking", is_flag=True, help="Leave its output, and the terminal, to the command alone."
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_obj
def run_(path: Path, env: tuple[str, ...], no_masking: bool, command: tuple[str, ...]) -> int:
    """Run a command with values in its environment, masked in what it prints.

    credentialstore run --env DB_PASSWORD=db -- python load.py
    """
    return running.run(path, env, command, not no_masking)


@app.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what completes commands and, while unlocked, names.

    \b
    bash  eval "$(credentialstore completion bash)"
    zsh   eval "$(credentialstore completion zsh)"
    fish  credentialstore completion fish | source
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise Failure(Exit.FAILED, f"There is no completion for {shell}.")
    print(kind(app, {}, NAME, _COMPLETE).source())


def _show_code(code: str | None, as_json: bool) -> None:
    if as_json:
        screen.json_out({"recoveryCode": code})
    elif code is not None:
        screen.say("Write this recovery code down: it is shown once, and the only other way in.")
        print(code)
