"""Messages between the sandbox and the grader: a JSON text and raw bytes, with limits. No pickle.

A message is `!IQ` lengths, the text, then the bytes of its tensors and arrays in the order they are mentioned; `values`
says what the two mean.
"""

import json
import socket
import struct
import time
from typing import Any

TEXT, BYTES = 8 << 20, 256 << 20  # the most a message may hold
_HEAD = struct.Struct("!IQ")


class WireError(Exception):
    """A message that is too large, too deep or malformed, or a side that is gone."""


class NoAnswer(WireError):
    """A message that does not come in time."""


def send(sock: socket.socket, text: Any, buffers: list[bytes], seconds: float) -> None:
    """Send a message.

    Raises:
        WireError: It is larger than allowed or is not taken in time.
    """
    head, body = json.dumps(text, separators=(",", ":")).encode(), b"".join(buffers)
    if len(head) > TEXT or len(body) > BYTES:
        raise WireError("the message is too large")
    sock.settimeout(seconds)
    try:
        sock.sendall(_HEAD.pack(len(head), len(body)) + head + body)
    except OSError as error:
        raise WireError("the other side does not listen any more") from error


def receive(sock: socket.socket, seconds: float) -> tuple[Any, memoryview]:
    """Wait for a message; return its JSON and its bytes.

    Raises:
        WireError: None comes in time, the other side is gone, or the message is too large or malformed.
    """
    until = time.monotonic() + seconds
    head, body = _HEAD.unpack(_exactly(sock, _HEAD.size, until))
    if head > TEXT or body > BYTES:
        raise WireError("the message is too large")
    try:
        text = json.loads(bytes(_exactly(sock, head, until)))
    except (ValueError, RecursionError) as error:
        raise WireError("a message that is no JSON") from error
    return text, _exactly(sock, body, until)


def _exactly(sock: socket.socket, size: int, until: float) -> memoryview:
    """Read as many bytes, in pieces: the memory grows with what really comes, not with what was announced."""
    pieces, missing = [], size
    while missing:
        left = until - time.monotonic()
        if left <= 0:
            raise NoAnswer("no answer in time")
        sock.settimeout(left)
        try:
            piece = sock.recv(min(missing, 1 << 20))
        except TimeoutError:
            continue
        except OSError as error:
            raise WireError("the other side is gone") from error
        if not piece:
            raise WireError("the other side is gone")
        pieces.append(piece)
        missing -= len(piece)
    return memoryview(b"".join(pieces))
