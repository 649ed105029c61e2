"""Loads only those bindings of the AWS provider that are used.

`cdktf_cdktf_provider_aws/__init__.py` imports each of its 2,200 submodules, and so does its
JavaScript side: 15 seconds and 600 MB for the thirty that a topology needs. A package object that
has the search path but never runs its `__init__` makes Python import what is named; a preloaded
script does the same for Node. Goes when the bindings load lazily by themselves.
"""

import ast
import importlib
import importlib.util
import os
import sys
from collections.abc import MutableMapping
from pathlib import Path
from types import ModuleType

PACKAGE = "cdktf_cdktf_provider_aws"
PRELOAD = Path(__file__).with_name("bindings.cjs")

# jsii warns on each run about a Node release near its end of life; the value is the release meant.
# https://github.com/aws/jsii/blob/main/packages/%40jsii/check-node/src/index.ts
QUIET_NODE = "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"

# The pipeline takes the place of jsii's own parts, which any release may change. Another release is tried
# with all of tests/synth.
PIPELINED_JSII = "1.142.0"
SWITCH = "HATCHWAY_PIPELINE"
OTHERWISE = ("JSII_RUNTIME", "JSII_DEBUG")


def load_on_demand(environ: MutableMapping[str, str] = os.environ) -> bool:
    """Makes the bindings load lazily; call it before anything imports cdktf or the bindings.

    Extends `NODE_OPTIONS` in `environ`, which the Node process of jsii inherits. Does nothing when the
    bindings are imported already. If the installed bindings are not built as expected, the stock
    import stays in place and one line on standard error says so.

    Returns:
        Whether the bindings load lazily.
    """
    environ.setdefault(QUIET_NODE, "20")
    if PACKAGE in sys.modules:
        return hasattr(sys.modules[PACKAGE], "_loads_on_demand")
    spec = importlib.util.find_spec(PACKAGE)
    origin = None if spec is None else spec.origin
    if spec is None or origin is None or not only_imports_submodules(Path(origin)):
        sys.stderr.write(f"{PACKAGE}: not built as expected, so all of it is loaded; synth takes longer\n")
        return False
    package = importlib.util.module_from_spec(spec)
    package.__dict__["_loads_on_demand"] = True
    package.__dict__["__getattr__"] = _import_submodule
    sys.modules[PACKAGE] = package
    environ["NODE_OPTIONS"] = _with_preload(environ.get("NODE_OPTIONS", ""))
    return True


def send_ahead(environ: MutableMapping[str, str] = os.environ, *, tried_with: str = PIPELINED_JSII) -> bool:
    """Makes requests to Node follow one another without waiting for answers; see `pipeline.py`. Starts Node.

    Call it after `load_on_demand`, and before anything imports cdktf. Does nothing where HATCHWAY_PIPELINE is
    'off', or jsii is told to debug or to run something else. Of a jsii that was not tried with it, one line
    on standard error says so.

    Returns:
        Whether they do.
    """
    import jsii  # noqa: PLC0415 - takes the environment as it is by now

    if environ.get(SWITCH) == "off" or any(name in environ for name in OTHERWISE):
        return False
    if jsii.__version__ != tried_with:
        sys.stderr.write(f"jsii {jsii.__version__}: is not known to send ahead, so synth takes longer\n")
        return False
    from constructs_lib.pipeline import start_pipeline  # noqa: PLC0415 - imports what is jsii's own business

    start_pipeline()
    return True


def only_imports_submodules(init: Path) -> bool:
    """Tells whether a package's `__init__` does nothing but import, so that leaving it out is safe."""
    try:
        body = ast.parse(init.read_text(encoding="utf-8")).body
    except (OSError, SyntaxError):
        return False
    submodules = sum(isinstance(node, ast.ImportFrom) and node.level == 1 for node in body)
    return submodules > 0 and all(_is_harmless(node) for node in body)


def _is_harmless(node: ast.stmt) -> bool:
    """Accepts a docstring, imports, assignments and the one call that hides private names."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or ast.unparse(node.value) == "publication.publish()"
    if isinstance(node, ast.FunctionDef):
        return node.name == "check_type"
    return isinstance(node, ast.Import | ast.ImportFrom | ast.Assign)


def _import_submodule(name: str) -> ModuleType:
    try:
        return importlib.import_module(f"{PACKAGE}.{name}")
    except ModuleNotFoundError as error:
        raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}") from error


def _with_preload(options: str) -> str:
    # Node splits NODE_OPTIONS at spaces, except in double quotes, where a backslash escapes.
    # https://nodejs.org/api/cli.html#node_optionsoptions
    path = str(PRELOAD).replace("\\", "\\\\").replace('"', '\\"')
    preload = f'--require "{path}"'
    return options if preload in options else f"{options} {preload}".strip()
