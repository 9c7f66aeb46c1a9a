"""Sets the project up: makes `.venv`, installs what the lock names, builds the pages, installs an editable.

    python3 tools/bootstrap.py [run|dev] [--only-this-python]

Only the standard library, and only syntax that every Python 3 reads, so that a Python that is too old says
so instead of showing a traceback. Doing it again is free: a stamp in `.venv` remembers what is installed.
Exit codes: 0 done, 2 this Python or call will not do, 5 something the machine lacks (space, network, rights).
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

OLDEST, NEWEST = (3, 11), (3, 14)
MEGABYTES = {"run": 1100, "dev": 1500}
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
PAGES = os.path.join(ROOT, "tools", "build_pages.py")
NO_NODE = 4  # what that script says by its exit code where there is no Node
STAMP = os.path.join(VENV, "vitropolis-setup.txt")
LOG = os.path.join(VENV, "vitropolis-setup.log")
PROBE = """
import platform, sys, sysconfig
flavour = "free-threaded" if sysconfig.get_config_var("Py_GIL_DISABLED") else platform.python_implementation()
print("%d %d %s %s %s" % (sys.version_info[0], sys.version_info[1], platform.python_version(), flavour, sys.executable))
"""
UNREACHABLE = (
    "Failed to establish",
    "name resolution",
    "Max retries",
    "ProxyError",
    "SSLError",
    "timed out",
    "Retrying",
)


class Trouble(Exception):
    """One line for the user, and the exit code."""

    def __init__(self, code: int, text: str) -> None:
        Exception.__init__(self, text)
        self.code = code


def say(text: str) -> None:
    """Write one line of progress to stderr."""
    sys.stderr.write("setup: %s\n" % text)
    sys.stderr.flush()


def call(command: list) -> tuple:
    """Run a command without the caller's Python settings; return its exit code and its output as text."""
    clean = dict((k, v) for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"))
    clean["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    try:
        process = subprocess.Popen(command, cwd=ROOT, env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        return 127, str(error)
    output = process.communicate()[0].decode("utf-8", "replace")
    return process.returncode, output


def supported(python: str) -> tuple:
    """Return (is it one we can use, what it is) for a Python's path; what it is is empty where it does not run."""
    code, output = call([python, "-c", PROBE])
    words = output.split(None, 4)
    if code != 0 or len(words) != 5:
        return False, ""
    fits = OLDEST <= (int(words[0]), int(words[1])) <= NEWEST and words[3] == "CPython"
    return fits, " ".join((words[3], words[2]))


def choose(only_this: bool) -> str:
    """Return the path of a supported Python: the one that runs this file, or another on the PATH."""
    fits, what = supported(sys.executable)
    if fits:
        return sys.executable
    wanted = "CPython %d.%d to %d.%d" % (OLDEST + NEWEST)
    if not only_this:
        for minor in (13, 12, 11, 14):
            for folder in os.environ.get("PATH", "").split(os.pathsep):
                path = os.path.join(folder, "python3.%d" % minor)
                if os.access(path, os.X_OK) and supported(path)[0]:
                    say("%s is %s, but %s is needed: taking %s" % (sys.executable, what, wanted, path))
                    return path
    raise Trouble(
        2,
        "%s is %s, but %s is needed; install one and say which: make PYTHON=/path/to/python3.12"
        % (sys.executable, what or "broken", wanted),
    )


def digest(*names: str) -> str:
    """Return a SHA-256 over the named files of the project."""
    total = hashlib.sha256()
    for name in names:
        try:
            with open(os.path.join(ROOT, name), "rb") as file:
                total.update(file.read())
        except OSError as error:
            raise Trouble(
                5, "cannot read %s (%s): the copy of the project is not whole" % (name, error.strerror)
            ) from error
    return total.hexdigest()


def stamp(kind: str, python: str) -> str:
    """Return what the stamp says when `.venv` holds the packages of `kind`, for this Python and in this place."""
    inputs = digest("requirements/%s.lock" % kind, "pyproject.toml", "tools/bootstrap.py")
    return "\n".join((kind, python, ROOT, inputs)) + "\n"


def stamped() -> str:
    """Return what the stamp of `.venv` says; empty where there is none."""
    try:
        with open(STAMP) as file:
            return file.read()
    except OSError:
        return ""


def is_done(kind: str, python: str) -> bool:
    """Say whether `.venv` is as it should be; the packages for development include those to run."""
    return stamped() in [stamp(each, python) for each in (kind, "dev")]


def make_room(kind: str) -> None:
    """Refuse before anything is written where the folder cannot be written to or the disk is too full."""
    if not os.access(ROOT, os.W_OK) or (os.path.isdir(VENV) and not os.access(VENV, os.W_OK)):
        raise Trouble(5, "cannot write to %s: copy the project to a folder of your own and try again there" % ROOT)
    free = shutil.disk_usage(ROOT).free // 10**6
    if free < MEGABYTES[kind]:
        raise Trouble(5, "%d MB free in %s, %d MB needed: make room and try again" % (free, ROOT, MEGABYTES[kind]))


def make_venv(python: str, what: str) -> None:
    """Make `.venv` afresh."""
    if call([python, "-c", "import venv, ensurepip"])[0] != 0:
        raise Trouble(
            5,
            "%s has no venv module: install it (Debian, Ubuntu: apt install python3-venv) "
            "or name another Python: make PYTHON=/path/to/python3.12" % python,
        )
    say("making .venv with %s (%s), once; a minute or two in all" % (what, python))
    code, output = call([python, "-m", "venv", "--clear", VENV])
    if code != 0:
        raise Trouble(5, "cannot make %s: %s" % (VENV, reason(output)))


def reason(output: str) -> str:
    """Return the one line of a failed installation that says most, and what to do about it."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = ([line for line in lines if "ERROR" in line or "Error:" in line] or lines or ["no output"])[-1][:300]
    if "No space left on device" in output:
        return "no space left on the disk of %s or of the temporary folder: make room and try again" % ROOT
    if "DO NOT MATCH THE HASHES" in output:
        return "a downloaded package is not the one the lock names; nothing of it was installed: try another network"
    if any(word in output for word in UNREACHABLE):
        return "the package index cannot be reached: look at the network or pip's settings (%s)" % last
    if "No matching distribution" in output:
        return "a package is not to be had ready-made for this machine, or the index lacks it (%s)" % last
    return last


def keep(words: str) -> str:
    """Add pip's words to the log, or to one in the temporary folder where the first cannot be written."""
    for path in (LOG, os.path.join(tempfile.gettempdir(), os.path.basename(LOG))):
        try:
            with open(path, "ab") as log:
                log.write(words.encode("utf-8"))
            return path
        except OSError:
            pass
    return "not kept, for want of space"


def pip(step: str, arguments: list) -> None:
    """Run one step of pip in `.venv`, with its output in the log."""
    say(step + " ...")
    code, output = call([VENV_PYTHON, "-m", "pip", "install", "--no-input", "--progress-bar", "off"] + arguments)
    log = keep("== %s\n%s\n" % (step, output))
    if code != 0:
        raise Trouble(5, "%s failed: %s; all of pip's words: %s" % (step, reason(output), log))


def make_pages() -> None:
    """Build the pages if their sources have changed; Node comes as a package where the machine has none."""
    if not os.path.isfile(PAGES):
        return
    code, output = call([VENV_PYTHON, PAGES])
    if code == NO_NODE:
        lock = "requirements/pages.lock"
        pip("installing Node, which builds the pages", ["--require-hashes", "--only-binary", ":all:", "-r", lock])
        code, output = call([VENV_PYTHON, PAGES])
    if output:
        keep("== building the pages\n%s\n" % output)
    if code != 0:
        raise Trouble(5, "the pages: %s" % (output.strip().splitlines() or ["no output"])[-1])


def set_up(kind: str, only_this: bool) -> None:
    """Bring `.venv` to where the lock of `kind` wants it."""
    fits, present = supported(VENV_PYTHON)
    wrong = not fits or (only_this and supported(sys.executable)[1] != present)
    if not wrong and is_done(kind, present):
        make_pages()
        return
    python = choose(only_this)
    make_room(kind)
    moved = stamped() and ROOT not in stamped().splitlines()
    if wrong or moved or call([VENV_PYTHON, "-m", "pip", "--version"])[0] != 0:
        present = supported(python)[1]
        make_venv(python, present)
    elif stamped():
        os.remove(STAMP)
    lock = "requirements/%s.lock" % kind
    pip(
        "installing the packages of %s" % lock,
        ["--require-hashes", "--only-binary", ":all:", "-r", lock],
    )
    make_pages()
    pip("installing vitropolis itself", ["--no-deps", "--no-build-isolation", "-e", "."])
    with open(STAMP, "w") as file:
        file.write(stamp(kind, present))
    say("ready")


def main(arguments: list) -> int:
    """Set up what the arguments ask for; return the exit code."""
    only_this = "--only-this-python" in arguments
    kinds = [word for word in arguments if word != "--only-this-python"] or ["run"]
    try:
        if len(kinds) != 1 or kinds[0] not in MEGABYTES:
            raise Trouble(2, "say `run` or `dev`, not `%s`" % " ".join(kinds))
        set_up(kinds[0], only_this)
    except Trouble as trouble:
        say(str(trouble))
        return trouble.code
    except OSError as error:
        say("%s: %s" % (error.filename or ROOT, error.strerror))
        return 5
    except KeyboardInterrupt:
        say("stopped; `make` again goes on from here")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
