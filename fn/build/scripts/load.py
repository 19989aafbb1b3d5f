"""Loads a Lambda handler as Lambda's Python runtime does, from the directory that is shipped.

Usage: python -I -S load.py HANDLER RUNTIME REPOSITORY [PACKAGES]

-S leaves out what pip has installed for the build, so that only Python's own modules and the shipped ones are found. PACKAGES is a
folder with those that Lambda's runtime brings. It ends with 0 if the handler can start, or if all that it missed is what a build does not
have, 1 if it cannot start, and 3 if it needs PACKAGES.
"""

import importlib
import importlib.util
import inspect
import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
import tempfile
import types

# Seconds. Lambda gives a function 10 to start, and a build may be slower.
LIMIT = 30

# What Lambda's runtime has beside Python: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
PROVIDED = {"awslambdaric", "boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "snapshot_restore_py", "urllib3"}

# What Lambda's runtime has imported before it finds the function's code: a module of the same name there is never read.
LOADED = ("decimal", "json", "logging", "math", "multiprocessing", "os", "socket", "sys", "time", "traceback")

# Libraries that Lambda's system has, by the packages that these list: https://github.com/amazonlinux/amazon-linux-2023/issues/585
# (python3.12) and https://github.com/aws/aws-lambda-base-images/issues/173 (nodejs20.x). Neither expat nor libxcrypt is among them.
# Images have more.
SYSTEM = re.compile(
    rb"(ld-linux[-\w]*|lib(c|m|mvec|dl|rt|pthread|util|resolv|anl|gcc_s|stdc\+\+|z|bz2|lzma|zstd|lz4|ssl|crypto|ffi|xml2|yaml|curl|sqlite3"
    rb"|readline|ncursesw?|tinfo|uuid|gmp|g(lib|object|module|thread|io)-2\.0|(gssapi_)?krb5|k5crypto|krb5support|com_err"
    rb"|python[\d.]+))\.so"
)
LIBC = 34  # Of version 2.

# Folders of a repository that have no code of its own.
FOREIGN = {".git", ".venv", "venv", "node_modules", "package", "lambda-artifact", "__pycache__"}

LAYER = "If a layer brings it, set build.handlerCheck to Disabled."


class CannotStart(Exception):
    """What makes it certain that the handler cannot start, by the name that Lambda has for it."""


def load(handler, runtime, repository):
    """Load the handler, and raise CannotStart, or what its module raised."""
    check_native(runtime)
    module_name, dot, name = handler.rpartition(".")
    if not dot:
        raise CannotStart("Runtime.MalformedHandlerName: it has no dot. Allowed: a module and a function, app.handler")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise CannotStart(f"Runtime.BuiltInModuleConflict: Python has a module {module_name} itself. Give yours another name")
    module_name = module_name.replace("/", ".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as e:
        raise CannotStart("Runtime.ImportModuleError: " + import_cause(e, module_name, name, repository)) from e
    except SyntaxError as e:
        here = "" if runtime == python_version() else f". The build reads it with {python_version()}"
        raise CannotStart(f"Runtime.UserCodeSyntaxError: {short(e.filename)}, line {e.lineno}: {e.msg}{here}") from e
    except FileNotFoundError as e:
        if e.filename and shipped_place(str(e.filename), repository):
            raise CannotStart(f"{place(e)} reads {e.filename}, and the artifact does not have this file. {shipping(repository)}") from e
        raise
    except (NameError, AttributeError) as e:
        # Nothing that a build lacks makes a name disappear.
        if isinstance(e, NameError) or isinstance(getattr(e, "obj", None), types.ModuleType):
            raise CannotStart(f"{type(e).__name__}: {place(e)}: {e}") from e
        raise
    check_function(module, module_name, name)
    check_linked()
    return module


def check_native(runtime):
    """Check that libraries are for the functions' Python, on the processor of the build, which is the functions' too."""
    platform = (sysconfig.get_config_var("SOABI") or "").split("-", 2)[-1]
    right = f".cpython-{runtime.replace('python', '').replace('.', '')}-{platform}.so"
    for folder, _, files in os.walk("."):
        for file in files:
            stem, _, tag = file.partition(".")
            if tag.startswith("cpython-") and tag.endswith(".so") and stem + right not in files:
                raise CannotStart(
                    f"Runtime.ImportModuleError: {short(os.path.join(folder, file))} is built for another Python or processor: "
                    f"functions need {stem}{right}. Build in an image with {runtime}, and let the lock file bring what the repository keeps"
                )


def check_linked():
    """Check that the shipped libraries that were loaded need no others that only the build's image has."""
    with open("/proc/self/maps", encoding="utf-8") as f:
        loaded = {line.split(maxsplit=5)[5].strip() for line in f if ".so" in line}
    shipped = {path for path in loaded if path.startswith(os.getcwd() + os.sep)}
    for path in sorted(shipped):
        with open(path, "rb") as f:
            data = f.read()
        newest = max(map(int, re.findall(rb"\bGLIBC_2\.(\d+)", data)), default=0)
        if newest > LIBC:
            raise CannotStart(
                f"Runtime.ImportModuleError: {short(path)} needs the C library 2.{newest}, and Lambda has 2.{LIBC}: "
                "build in an image of Amazon Linux"
            )
        for other in sorted(loaded - shipped):
            name = os.path.basename(other).encode().partition(b".so")[0] + b".so"
            if b"\0" + name in data and not SYSTEM.fullmatch(name):
                raise CannotStart(
                    f"Runtime.ImportModuleError: {short(path)} needs {name.decode()}, which the build's image has and Lambda does not. "
                    f"Require a package that brings it, such as psycopg2-binary for psycopg2. {LAYER}"
                )


def import_cause(e, module_name, name, repository):
    """Say what is missing, and the likely cause."""
    if type(e).__name__ == "PackageNotFoundError":
        return f"{place(e)} asks for the version of {e.name}, which is not installed. In requirements.txt, -e . installs the project"
    missing = e.name if type(e) is ModuleNotFoundError else None
    if not missing:
        return f"{place(e)} {e}{import_hint(e)}"
    if (module_name + ".").startswith(missing + "."):
        return own_module_cause(module_name, name, repository)
    top = missing.split(".")[0]
    text = f"{place(e)} imports {missing}, and the artifact does not have it. "
    if importlib.util.find_spec(top):
        return text + f"{top} is there, without this module: another version of it may have it."
    found = find(repository, top)
    if found:
        return text + f"The repository has {found}. {shipping(repository)}"
    if in_build(top):
        return text + f"The build has it for tests only: add it to {requirements(repository)}. {LAYER}"
    return text + f"Add the package that has it to {requirements(repository)}. {LAYER}"


def import_hint(e):
    """Say what to do about an import that finds a module, and not what it wants of it."""
    if "no known parent package" in str(e):
        return ". The handler is in no package: import without the dot, or set service.handler to a module of one, such as src.app.handler"
    if e.name in LOADED and find(".", e.name):
        return f". Python has a module {e.name} itself: give {find('.', e.name)} another name"
    return ""


def own_module_cause(module_name, name, repository):
    """Say where the handler's module may be, if it is not where the claim says."""
    file = module_name.replace(".", "/") + ".py"
    found = find(".", module_name.split(".")[-1])
    if found:
        handler = found[: -len(".py")].replace("/", ".") if found.endswith(".py") else found.replace("/", ".")
        return f"the artifact has no {file}, and has {found}: set service.handler to {handler}.{name}"
    found = find(repository, module_name.split(".")[-1])
    if found:
        return f"the artifact has no {file}. The repository has {found}. {shipping(repository)}"
    return f"neither the artifact nor the directory that is built has {file}. Set service.handler to a module and a function that are there"


def check_function(module, module_name, name):
    """Check that the module has a function that Lambda can call with an event and a context."""
    if not hasattr(module, name):
        there = [n for n, f in vars(module).items() if inspect.isfunction(f) and f.__module__ == module.__name__]
        raise CannotStart(
            f"Runtime.HandlerNotFound: {short(module.__file__ or module_name)} has no {name}. It has: {', '.join(there) or 'no function'}"
        )
    function = getattr(module, name)
    if not callable(function):
        raise CannotStart(f"Runtime.HandlerNotFound: {name} in {short(module.__file__)} is not a function: {type(function).__name__}")
    if inspect.iscoroutinefunction(function):
        raise CannotStart(
            f"Runtime.MarshalError: {name} in {short(module.__file__)} is async, and Lambda does not wait for it. "
            "Let a function without async call asyncio.run"
        )
    try:
        inspect.signature(function).bind({}, None)
    except TypeError as e:
        raise CannotStart(f"TypeError: Lambda calls {name} in {short(module.__file__)} with an event and a context: {e}") from e
    except ValueError:
        pass  # A function of a library may not say what it takes.


def late_imports(module):
    """Return imports in functions of the module that find nothing. Those in a try or an if may be meant so."""
    import ast  # Most handlers need it not.

    missing = []
    if not (module.__file__ or "").endswith(".py"):
        return missing

    def visit(node):
        if isinstance(node, (ast.Try, ast.If)):
            return
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module]
        for name in names:
            top = name.split(".")[0]
            if top not in PROVIDED and not has_files(importlib.util.find_spec(top)):
                missing.append(f"{short(module.__file__)}, line {node.lineno}: {name}")
        for child in ast.iter_child_nodes(node):
            visit(child)

    with open(module.__file__, "rb") as f:
        visit(ast.parse(f.read()))
    return missing


def has_files(spec):
    """Tell whether a module is more than an empty folder, which a zip does not have."""
    return spec is not None and (spec.origin is not None or any(os.listdir(p) for p in spec.submodule_search_locations or []))


def find(folder, stem):
    """Find a module by the last part of its name: its file, or its folder."""
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in FOREIGN)
        for found in [stem + ".py"] * (stem + ".py" in files) + [stem] * (stem in folders):
            return os.path.relpath(os.path.join(path, found), folder)
    return None


def in_build(top):
    """Tell whether the build has a module that is not shipped."""
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"
    return subprocess.run([sys.executable, "-I", "-c", code, top], check=False).returncode == 0


def shipped_place(path, repository):
    """Tell whether a path is one that is shipped, or should be."""
    at = os.path.abspath(path)
    if at.startswith("/var/task/"):  # Where Lambda has it.
        return not os.path.exists(os.path.relpath(at, "/var/task"))
    return any(at.startswith(root + os.sep) for root in (os.getcwd(), os.path.realpath(repository)))


def requirements(repository):
    """Name the file that says what is shipped."""
    locks = {"uv.lock": "pyproject.toml (uv add)", "poetry.lock": "pyproject.toml (poetry add)"}
    return next((to for lock, to in locks.items() if os.path.exists(os.path.join(repository, lock))), "requirements.txt")


def shipping(repository):
    """Say what is shipped."""
    if os.path.isdir(os.path.join(repository, "src")):
        return "Of a repository whose handler is in src, only what is in src is shipped, without tests: move it there."
    return "Tests are not shipped, and what is outside of source.directory is not: move it."


def place(e):
    """Name the line of the shipped code that an error comes from."""
    at, trace = "the handler's module", e.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename.startswith(os.getcwd()):
            at = f"{short(trace.tb_frame.f_code.co_filename)}, line {trace.tb_lineno},"
        trace = trace.tb_next
    return at.rstrip(",") if isinstance(e, (NameError, AttributeError)) else at


def short(path):
    """Name a shipped file from the root of the artifact."""
    return os.path.relpath(path, os.getcwd())


def python_version():
    return "python%d.%d" % sys.version_info[:2]


def child(report, handler, runtime, repository, packages):
    """Load the handler, and write what came of it."""
    for name in LOADED:
        importlib.import_module(name)
    # Lambda has the function's code first. Its runtime's packages come after.
    sys.path.insert(0, os.getcwd())
    sys.path.extend(packages)
    outcome = {}
    try:
        outcome["notes"] = late_imports(load(handler, runtime, repository))
    except CannotStart as e:
        top = (getattr(e.__cause__, "name", None) or "").split(".")[0]
        needs = isinstance(e.__cause__, ModuleNotFoundError) and top in PROVIDED
        outcome = {"needs": top} if needs else {"fails": str(e)}
    except BaseException as e:  # Also what ends a process, such as SystemExit.
        outcome["passes"] = f"{place(e).rstrip(',')}: {type(e).__name__}: {e}"
    with open(report, "w", encoding="utf-8") as f:
        json.dump(outcome, f)
    sys.stdout.flush()
    # Threads of the handler's are not waited for.
    os._exit(0)


def environment():
    """Return that of the build without its rights, and with what Lambda sets."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_CONTAINER_", "AWS_ACCESS_", "AWS_SECRET_", "AWS_SESSION_"))}
    env.setdefault("AWS_REGION", "us-east-1")
    env.setdefault("AWS_DEFAULT_REGION", env["AWS_REGION"])
    return {**env, "AWS_EC2_METADATA_DISABLED": "true", "AWS_LAMBDA_FUNCTION_NAME": "build", "LAMBDA_TASK_ROOT": os.getcwd()}


def outcome_of(handler, arguments):
    """Load the handler in a child, and return what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        command = [sys.executable, "-I", "-S", os.path.abspath(__file__), "--child", report, handler, *arguments]
        process = subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            status = process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return {"passes": f"it still loads after {LIMIT} seconds"}
        if os.path.exists(report):
            with open(report, encoding="utf-8") as f:
                return json.load(f)
        if status < 0:
            name = signal.Signals(-status).name
            return {"fails": f"Runtime.ExitError: {name} ended Python while it loaded: a library may be for another processor"}
        return {"passes": f"its module ended Python with status {status}"}


def main():
    handler, runtime, repository, *packages = sys.argv[1:]
    outcome = outcome_of(handler, [runtime, repository, *packages])
    if "needs" in outcome and not packages:
        print(f"The handler needs {outcome['needs']}, which Lambda's runtime has: the build gets it for this check.")
        return 3
    if "needs" in outcome:
        outcome = {"passes": f"it needs {outcome['needs']}, which Lambda's runtime has"}
    if "fails" in outcome:
        print(f"\nThe build stops: service.handler {handler} cannot start. {outcome['fails']}", file=sys.stderr)
        return 1
    for note in outcome.get("notes", []):
        print(f"Note: a function imports what the artifact does not have: {note}. It fails when it gets there.")
    if "passes" in outcome:
        print(
            f"The handler {handler} was not loaded to its end: {outcome['passes']}. A build lacks the functions' variables, rights and "
            "network, so this may be right: the smoke test shows whether it is."
        )
    else:
        print(f"The handler {handler} can start.")
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "--child":
        child(*sys.argv[2:6], sys.argv[6:])
    sys.exit(main())
