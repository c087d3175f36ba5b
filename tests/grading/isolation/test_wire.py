"""Messages: what is announced, what comes, and no bytes that do more than that."""

import contextlib
import pickle
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yolo_course.grading.isolation import wire
from yolo_course.grading.isolation.values import Decoder
from yolo_course.grading.isolation.wire import NoAnswer, WireError


def refuse(told, decoder):
    raise WireError("nothing but plain values here")


@given(st.binary(max_size=60))
def test_no_bytes_crash_the_reader(junk):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(junk)
        theirs.close()
        with contextlib.suppress(WireError):
            text, buffers = wire.receive(ours, 5)
            Decoder(buffers, refuse)(text)


def test_a_pickle_is_no_message():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        body = pickle.dumps({"a": 1})
        theirs.sendall(struct.pack("!IQ", len(body), 0) + body)
        with pytest.raises(WireError, match="no JSON"):
            wire.receive(ours, 5)


def test_an_announced_size_takes_no_memory_and_silence_takes_no_time():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack("!IQ", wire.TEXT, wire.BYTES))
        with pytest.raises(NoAnswer):
            wire.receive(ours, 0.2)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack("!IQ", wire.TEXT + 1, 0))
        with pytest.raises(WireError, match="too large"):
            wire.receive(ours, 5)
