"""The peer in Python."""

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.blocks import StackBlocks
from benchmarks.peers.program import Constant, Pairs, Program, pascal

MAIN = """\
from {cdktf} import App

{imports}

app = App()
{stacks}
app.synth()
"""
STACK = """\
from {cdktf} import (
    DataTerraformRemoteStateS3,
    S3Backend,
    S3BackendAssumeRoleConfig,
    TerraformOutput,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
)
from constructs import Construct
{imports}


class {name}(TerraformStack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
{statements}
"""


class PythonProgram(Program):
    """A module per stack, and `main.py`.

    Args:
        bindings: Folder of the package of AWS bindings.
        cdktf: Package of CDKTF, or of what continues it.
    """

    def __init__(self, bindings: Path, *, cdktf: str) -> None:
        super().__init__(bindings)
        self._cdktf = cdktf
        self._package = bindings.name
        self._imports: set[str] = set()

    def write(self, stacks: Sequence[StackBlocks], folder: Path) -> None:
        """Writes `main.py` and the package `stacks`."""
        (folder / "stacks").mkdir(parents=True, exist_ok=True)
        imports, made = [], []
        for stack in stacks:
            module, name = _identifier(stack.name), pascal(_identifier(stack.name))
            self._imports = set()
            statements = "\n".join(self.statements(stack))
            text = STACK.format(
                cdktf=self._cdktf,
                imports="\n".join(sorted(self._imports)),
                name=name,
                statements=statements,
            )
            (folder / "stacks" / f"{module}.py").write_text(text, encoding="utf-8")
            imports.append(f"from stacks.{module} import {name}")
            made.append(f'{module} = {name}(app, "{stack.name}")')
            made += [f"{module}.add_dependency({_identifier(other)})" for other in stack.dependencies]
        main = MAIN.format(cdktf=self._cdktf, imports="\n".join(imports), stacks="\n".join(made))
        (folder / "main.py").write_text(main, encoding="utf-8")

    def name(self, argument: str) -> str:
        """As it is."""
        return argument

    def constant(self, value: Constant) -> str:
        """As Python writes it."""
        return repr(value)

    def aws_class(self, block: str, class_name: str) -> str:
        """By its own name."""
        self._imports.add(f"from {self._package}.{block} import {class_name}")
        return class_name

    def struct(self, class_name: str, pairs: Pairs) -> str:
        """A struct of the bindings."""
        return f"{class_name}({_keywords(pairs)})"

    def mapping(self, pairs: Pairs) -> str:
        """A dictionary."""
        return f"{{{', '.join(f'{key}: {value}' for key, value in pairs)}}}"

    def construct(self, class_name: str, id_: str | None, pairs: Pairs) -> str:
        """A construct with keyword arguments."""
        first = ["self"] if id_ is None else ["self", f'"{id_}"']
        return f"{class_name}({', '.join([*first, _keywords(pairs)])})"

    def statement(self, variable: str | None, expression: str) -> str:
        """An assignment."""
        return f"        {expression}" if variable is None else f"        {variable} = {expression}"

    def override(self, of: str | None, path: str, value: str) -> str:
        """A call of `add_override`."""
        return f'        {of or "self"}.add_override("{path}", {value})'


def _keywords(pairs: Pairs) -> str:
    return ", ".join(f"{name}={value}" for name, value in pairs)


def _identifier(stack: str) -> str:
    return re.sub(r"\W", "_", stack)
