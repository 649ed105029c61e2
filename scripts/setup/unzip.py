"""Taking one program out of an archive."""

import shutil
import zipfile
from pathlib import Path

from hatchway.errors import ToolError


def take_program(archive: Path, member: str, target: Path) -> Path:
    """Write one file of the archive to `target`, executable, and nothing else of it.

    Only the bytes of that member are read, so no name in the archive decides where anything is written.

    Raises:
        ToolError: It is no zip archive, is damaged, or has no such file.
    """
    draft = target.with_name(f"{target.name}.new")
    draft.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(archive) as opened, opened.open(member) as source, draft.open("wb") as sink:
            shutil.copyfileobj(source, sink)
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        draft.unlink(missing_ok=True)
        archive.unlink(missing_ok=True)
        raise ToolError(
            f"{archive.name}: is not a zip archive with a file '{member}' in it. Nothing was installed."
        ) from error
    draft.chmod(0o755)
    return draft.replace(target)
