"""Packages a Lambda handler, byte for byte the same on each machine."""

import base64
import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

# The earliest time that the format can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX = 3
READABLE_FILE = 0o100644


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A zip file and the hash by which Terraform sees that it changed."""

    content: bytes

    @classmethod
    def of_file(cls, source: Path) -> "Archive":
        """Packs one file under its own name.

        Stored, not deflated: compressors differ between builds of Python.
        """
        entry = zipfile.ZipInfo(source.name, EPOCH)
        entry.create_system = UNIX
        entry.external_attr = READABLE_FILE << 16
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(entry, source.read_bytes().replace(b"\r\n", b"\n"))
        return cls(content=buffer.getvalue())

    @property
    def source_code_hash(self) -> str:
        """Hash in the form that AWS Lambda reports."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()

    @property
    def digest(self) -> str:
        """Hash in the form that file names take."""
        return hashlib.sha256(self.content).hexdigest()
