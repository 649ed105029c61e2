"""The peer in TypeScript."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.blocks import StackBlocks
from benchmarks.peers.program import Constant, Pairs, Program, pascal

MAIN = """\
import {{ App }} from "cdktf";
{imports}

const app = new App();
{stacks}
app.synth();
"""
STACK = """\
import {{
  DataTerraformRemoteStateS3,
  S3Backend,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
}} from "cdktf";
import {{ Construct }} from "constructs";
{imports}

export class {name} extends TerraformStack {{
  constructor(scope: Construct, id: string) {{
    super(scope, id);
{statements}
  }}
}}
"""


class TypeScriptProgram(Program):
    """A module per stack, and `main.ts`.

    Args:
        bindings: Folder of the bindings for Python, which have the same structs.
        deep: Whether each module is imported by its own path, instead of all from the package.
    """

    def __init__(self, bindings: Path, *, deep: bool) -> None:
        super().__init__(bindings)
        self._deep = deep
        self._imports: set[tuple[str, str]] = set()

    def write(self, stacks: Sequence[StackBlocks], folder: Path) -> None:
        """Writes `main.ts` and the folder `stacks`."""
        (folder / "stacks").mkdir(parents=True, exist_ok=True)
        imports, made = [], []
        for stack in stacks:
            name = pascal(re.sub(r"\W", "_", stack.name))
            variable = name[:1].lower() + name[1:]
            self._imports = set()
            statements = "\n".join(self.statements(stack))
            text = STACK.format(imports=self._import_lines(), name=name, statements=statements)
            (folder / "stacks" / f"{stack.name}.ts").write_text(text, encoding="utf-8")
            imports.append(f'import {{ {name} }} from "./stacks/{stack.name}";')
            made.append(f'const {variable} = new {name}(app, "{stack.name}");')
            others = (pascal(re.sub(r"\W", "_", other)) for other in stack.dependencies)
            made += [f"{variable}.addDependency({other[:1].lower()}{other[1:]});" for other in others]
        main = MAIN.format(imports="\n".join(imports), stacks="\n".join(made))
        (folder / "main.ts").write_text(main, encoding="utf-8")

    def name(self, argument: str) -> str:
        """In camel case."""
        return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), argument)

    def constant(self, value: Constant) -> str:
        """As JSON writes it."""
        return json.dumps(value)

    def aws_class(self, block: str, class_name: str) -> str:
        """By its own name, or by that of its namespace."""
        self._imports.add((block, class_name))
        return class_name if self._deep else f"{self.name(block)}.{class_name}"

    def struct(self, class_name: str, pairs: Pairs) -> str:
        """An object literal; the class is a type alone."""
        del class_name
        return self.mapping(pairs)

    def mapping(self, pairs: Pairs) -> str:
        """An object literal."""
        return f"{{ {', '.join(f'{key}: {value}' for key, value in pairs)} }}"

    def construct(self, class_name: str, id_: str | None, pairs: Pairs) -> str:
        """A construct with an object of properties."""
        first = ["this"] if id_ is None else ["this", json.dumps(id_)]
        return f"new {class_name}({', '.join([*first, self.mapping(pairs)])})"

    def statement(self, variable: str | None, expression: str) -> str:
        """A constant."""
        return f"    {expression};" if variable is None else f"    const {variable} = {expression};"

    def override(self, of: str | None, path: str, value: str) -> str:
        """A call of `addOverride`."""
        return f'    {of or "this"}.addOverride("{path}", {value});'

    def _import_lines(self) -> str:
        if not self._deep:
            names = sorted({self.name(block) for block, _ in self._imports})
            return f'import {{ {", ".join(names)} }} from "@cdktf/provider-aws";' if names else ""
        modules: dict[str, list[str]] = {}
        for block, class_name in sorted(self._imports):
            modules.setdefault(block, []).append(class_name)
        return "\n".join(
            f'import {{ {", ".join(names)} }} from "@cdktf/provider-aws/lib/{block.replace("_", "-")}";'
            for block, names in modules.items()
        )
