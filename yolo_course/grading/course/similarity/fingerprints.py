"""Fingerprints of Python code that survive renaming, reformatting, comments and another order of functions.

A cell becomes its tokens without names: every identifier is one and the same token, numbers and strings are one each,
keywords and operators stay; comments, docstrings, line ends, indentation, semicolons and trailing commas are gone.
Runs of `GRAM` tokens are hashed, and of every `WINDOW` hashes in a row the least is kept: two cells that share a run of
`GRAM + WINDOW - 1` tokens share a fingerprint.

Schleimer, Wilkerson, Aiken: Winnowing: local algorithms for document fingerprinting. SIGMOD 2003.
"""

import hashlib
import io
import keyword
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

GRAM, WINDOW = 12, 6  # tokens; measured on the answers of units 00 and 01, docs/instructors.md has the figures
_SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
_NAME, _NUMBER, _STRING, _OTHER = "name", "0", "''", "?"


@dataclass(frozen=True, slots=True)
class Token:
    """What a token counts as, and its place in the cell's text: first character, and the one behind its last."""

    kind: str
    start: int
    end: int


def tokens(source: str) -> tuple[list[Token], bool]:
    """Read a cell's tokens.

    Args:
        source: Text of the cell; lines end in a line feed.

    Returns:
        The tokens, and whether the cell could be read to its end.
    """
    found: list[Token] = []
    statement = 0  # where the current statement begins in `found`
    try:
        for kind, start, end in _raw(source.replace("\0", " ")):  # Python 3.12 fails on it in its own way
            if kind == "\n":
                if [each.kind for each in found[statement:]] == [_STRING]:  # a docstring
                    found.pop()
                statement = len(found)
            elif kind == _STRING and found[statement:] and found[-1].kind == _STRING:
                found[-1] = Token(_STRING, found[-1].start, end)
            else:
                if kind in (")", "]", "}") and found[statement:] and found[-1].kind == ",":
                    found.pop()
                found.append(Token(kind, start, end))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return found, False
    return found, True


def fingerprints(kinds: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Winnow a cell's tokens.

    Args:
        kinds: The kinds of its tokens.

    Yields:
        A fingerprint, and the token at which its run of `GRAM` begins.
    """
    hashes = grams(kinds)
    for place in winnow(hashes, WINDOW):
        yield hashes[place], place


def grams(kinds: Sequence[str]) -> list[int]:
    """The hash of every run of `GRAM` tokens, eight bytes each."""
    runs = ("\0".join(kinds[at : at + GRAM]) for at in range(len(kinds) - GRAM + 1))
    return [int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest()) for run in runs]


def winnow(hashes: Sequence[int], window: int) -> list[int]:
    """Places of the hashes that are kept: the least of every `window` in a row.

    Of equals it is the one kept already, else the last. Fewer hashes than a window are one window.
    """
    kept: list[int] = []
    for start in range(max(1, len(hashes) - window + 1)) if hashes else ():
        part = hashes[start : start + window]
        least = min(part)
        if not (kept and kept[-1] >= start and hashes[kept[-1]] == least):
            kept.append(start + len(part) - 1 - part[::-1].index(least))
    return kept


def _raw(source: str) -> Iterator[tuple[str, int, int]]:
    """Each token's kind and place; a statement's end is a line feed, an f-string is one token on every Python."""
    starts = [0, *accumulate(len(line) for line in io.StringIO(source))]
    depth, opened = 0, 0  # of f-strings, which Python 3.12 and later take apart
    for each in tokenize.generate_tokens(io.StringIO(source).readline):
        name = tokenize.tok_name[each.type]
        start, end = starts[each.start[0] - 1] + each.start[1], starts[each.end[0] - 1] + each.end[1]
        if name.endswith("STRING_START"):
            depth, opened = depth + 1, start if not depth else opened
        elif name.endswith("STRING_END"):
            depth -= 1
            if not depth:
                yield _STRING, opened, end
        elif not depth and each.type not in _SKIPPED:
            yield _kind(name, each.string), start, end


def _kind(name: str, text: str) -> str:
    if name == "NAME":
        return text if keyword.iskeyword(text) else _NAME
    if name == "NEWLINE" or text == ";":
        return "\n"
    return {"NUMBER": _NUMBER, "STRING": _STRING, "OP": text}.get(name, _OTHER)
