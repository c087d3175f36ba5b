"""Ask and be asked over one connection: each side may ask while the other waits for its answer.

A request is `["ask", verb, payload]`, an answer `["answer", …]` or `["error", …]`. A learner's function that calls
back what it was given makes the grader serve a request while it waits, and the other way round.
"""

import socket
import time
from collections.abc import Callable
from typing import Any

from yolo_course.grading.isolation import wire
from yolo_course.grading.isolation.values import Decoder, Encoder
from yolo_course.grading.isolation.wire import NoAnswer, WireError

NESTED = 40


class Exchange:
    """One end of a connection.

    Args:
        sock: The connection.
        write: Writes what is no plain value, `(value, encoder) -> dict`.
        read: Reads it on this side, `(tagged, decoder) -> value`.
        serve: Answers the other side, `(verb, payload) -> payload`.
        fail: Turns the payload of an error into the exception that `ask` raises.
        tell: Turns an exception of `serve` into the payload of an error.
        final: Exceptions of `serve` that end the conversation instead.
    """

    def __init__(
        self,
        sock: socket.socket,
        write: Callable[[Any, Encoder], dict],
        read: Callable[[dict, Decoder], Any],
        serve: Callable[[str, Any], Any],
        fail: Callable[[Any], BaseException],
        tell: Callable[[BaseException], Any],
        final: tuple[type[BaseException], ...] = (),
    ):
        self.sock, self.write, self.read = sock, write, read
        self.serve, self.fail, self.tell, self.final = serve, fail, tell, final
        self.depth, self.until = 0, float("inf")

    def ask(self, verb: str, payload: Any) -> Any:
        """Send a request, serve what the other side asks meanwhile, return its answer.

        Raises:
            WireError: The other side is gone or sends nonsense.
            NoAnswer: It is past `until`.
            BaseException: What `fail` makes of the other side's error.
        """
        if self.depth >= NESTED:
            raise RecursionError("calls go back and forth without end")
        self.depth += 1
        try:
            self._send(["ask", verb], payload)
            while True:
                kind, name, answer = self._receive()
                if kind == "answer":
                    return answer
                if kind == "error":
                    raise self.fail(answer)
                self._answer(name, answer)
        finally:
            self.depth -= 1

    def serve_until(self, last: str) -> None:
        """Answer requests until one with this verb comes.

        Raises:
            WireError: The other side is gone or sends nonsense.
        """
        while True:
            kind, name, payload = self._receive()
            if kind != "ask":
                raise WireError("an answer to no question")
            if name == last:
                self._send(["answer", None], None)
                return
            self._answer(name, payload)

    def _answer(self, verb: str, payload: Any) -> None:
        try:
            answer = self.serve(verb, payload)
        except self.final:
            raise
        except BaseException as error:
            self._send(["error", None], self.tell(error))
        else:
            self._send(["answer", None], answer)

    def _send(self, head: list, payload: Any) -> None:
        encoder = Encoder(self.write)
        try:
            text = encoder(payload)
        except WireError as error:
            if head[0] == "ask":
                raise
            encoder = Encoder(self.write)
            head, text = ["error", None], encoder(self.tell(error))
        wire.send(self.sock, [*head, text], encoder.buffers, self._left())

    def _receive(self) -> tuple[str, str, Any]:
        text, buffers = wire.receive(self.sock, self._left())
        if not (isinstance(text, list) and len(text) == 3 and text[0] in ("ask", "answer", "error")):
            raise WireError("neither a question nor an answer")
        return text[0], str(text[1]), Decoder(buffers, self.read)(text[2])

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise NoAnswer("no answer in time")
        return min(left, 3600.0)
