"""The package of a Lambda function is the same wherever it is made."""

import base64
import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from constructs_lib.archive import Archive


@pytest.fixture
def source(tmp_path: Path):
    path = tmp_path / "authorizer.py"
    path.write_bytes(b"print('ok')\n")
    return path


def test_same_source_gives_the_same_bytes_whatever_its_time_mode_and_line_ends(
    source: Path, tmp_path: Path
) -> None:
    first = Archive.of_file(source)
    other = tmp_path / "elsewhere"
    other.mkdir()
    copied = other / source.name
    copied.write_bytes(b"print('ok')\r\n")
    copied.chmod(0o700)
    os.utime(copied, (0, 0))

    assert Archive.of_file(copied) == first


def test_changed_source_gives_another_hash(source: Path) -> None:
    before = Archive.of_file(source)
    source.write_bytes(b"print('changed')\n")

    assert Archive.of_file(source).source_code_hash != before.source_code_hash
    assert Archive.of_file(source).digest != before.digest


def test_holds_one_readable_file_of_a_fixed_date(source: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(Archive.of_file(source).content)) as archive:
        (entry,) = archive.infolist()
        content = archive.read(entry)

    assert (entry.filename, content) == ("authorizer.py", b"print('ok')\n")
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert entry.external_attr >> 16 == 0o100644


def test_hash_is_the_one_that_lambda_reports(source: Path) -> None:
    archive = Archive.of_file(source)

    assert base64.b64decode(archive.source_code_hash) == hashlib.sha256(archive.content).digest()


def test_folder_holds_its_files_as_they_are_in_the_order_of_their_paths(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "data.txt").write_bytes(b"one\r\n")
    (tmp_path / "a.py").write_bytes(b"a")
    (tmp_path / "bootstrap").write_bytes(b"#!")
    (tmp_path / "bootstrap").chmod(0o755)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"machine's own")

    with zipfile.ZipFile(io.BytesIO(Archive.of_folder(tmp_path).content)) as archive:
        held = {
            entry.filename: (archive.read(entry), entry.external_attr >> 16) for entry in archive.infolist()
        }

    assert list(held) == ["a.py", "b/data.txt", "bootstrap"]
    assert held["b/data.txt"] == (b"one\r\n", 0o100644)
    assert held["bootstrap"] == (b"#!", 0o100755)


def test_same_folder_gives_the_same_bytes_wherever_it_is(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_bytes(b"pass\n")
    os.utime(tmp_path / "there" / "app.py", (0, 0))

    assert Archive.of_folder(tmp_path / "here") == Archive.of_folder(tmp_path / "there")
