"""Attacks on the connection itself: junk, depth, size, slowness, and messages by a process that is not asked."""

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.attacks("channel")
def test_a_dishonest_server_gains_nothing(graded, solutions, attack):
    found = graded({**solutions, "double": attack})
    assert found.passed == [], found.said


def test_a_forked_child_cannot_answer_for_its_parent(graded, solutions):
    """It writes to every descriptor while the check runs; the check fails or holds, it gains nothing."""
    cell = (
        "import os, json, struct, time\ndef double(x):\n    if not os.fork():\n"
        "        body = json.dumps(['answer', None, {'t': 'dict', 'v': []}]).encode()\n"
        "        for fd in range(3, 64):\n            try: os.write(fd, struct.pack('!IQ', len(body), 0) + body)\n"
        "            except OSError: pass\n        os._exit(0)\n    time.sleep(.3)\n    return x"
    )
    assert graded({**solutions, "double": cell}).passed in ([], ["Scale", "lengths"])


def test_the_next_submission_grades_rightly(honest):
    honest()
