"""The documentation as data: pages, links, and the commands in shell blocks."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block of a page."""

    page: str
    language: str
    text: str


def pages() -> list[Path]:
    """Every page: those under docs, and those at the root."""
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Targets of links that stay in the repository."""
    found = re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", prose(page))
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def anchors(page: Path) -> set[str]:
    """What a link to a part of the page may name, made from its headings as GitHub makes it."""
    headings = re.findall(r"^#+ (.*)$", prose(page), flags=re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in words}


def blocks() -> list[Block]:
    return [
        Block(page=name(page), language=language, text=text)
        for page in pages()
        for language, text in _FENCE.findall(page.read_text(encoding="utf-8"))
    ]


def shell_lines() -> list[tuple[str, str]]:
    """Every command line of every shell block, with its page; comments and here-documents are left out."""
    found = []
    for block in blocks():
        if block.language not in {"sh", "bash", "console"}:
            continue
        text = re.sub(r"<<'(\w+)'\n.*?^\1$", "", block.text, flags=re.MULTILINE | re.DOTALL)
        for line in text.replace("\\\n", " ").splitlines():
            command = re.sub(r"(^|\s)#.*$", "", line).strip()
            if command:
                found.append((block.page, command))
    return found
