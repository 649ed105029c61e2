"""Packages a Lambda handler, byte for byte the same on each machine."""

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

# What Python leaves behind in a folder of sources, different on each machine.
LEFTOVERS = frozenset({"__pycache__", ".DS_Store"})
# The earliest time that the format can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX = 3
READABLE_FILE = 0o100644
EXECUTABLE = 0o100
ALL_MAY_EXECUTE = 0o111


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A zip file and the hash by which Terraform sees that it changed."""

    content: bytes

    @classmethod
    def of_file(cls, source: Path) -> "Archive":
        """Packs one file under its own name.

        Stored, not deflated: compressors differ between builds of Python.
        """
        return cls._of({source.name: source.read_bytes().replace(b"\r\n", b"\n")})

    @classmethod
    def of_folder(cls, folder: Path) -> "Archive":
        """Packs the files of a folder as they are, in the order of their paths.

        Without what Python leaves behind there. A file that may be executed stays so.
        """
        files = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and LEFTOVERS.isdisjoint(path.relative_to(folder).parts)
        }
        executable = {name for name, path in files.items() if path.stat().st_mode & EXECUTABLE}
        return cls._of({name: path.read_bytes() for name, path in files.items()}, executable)

    @classmethod
    def of_contents(cls, contents: Mapping[str, bytes]) -> "Archive":
        """Packs these contents under these names, in this order."""
        return cls._of(contents)

    @classmethod
    def _of(cls, files: Mapping[str, bytes], executable: AbstractSet[str] = frozenset()) -> "Archive":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, content in files.items():
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.create_system = UNIX
                entry.external_attr = (READABLE_FILE | (ALL_MAY_EXECUTE if name in executable else 0)) << 16
                archive.writestr(entry, content)
        return cls(content=buffer.getvalue())

    @property
    def source_code_hash(self) -> str:
        """Hash in the form that AWS Lambda reports."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()

    @property
    def digest(self) -> str:
        """Hash in the form that file names take."""
        return hashlib.sha256(self.content).hexdigest()
