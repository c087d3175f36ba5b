"""Downloads from a real server on this machine, which keeps to HTTP's rules or breaks them on purpose."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from yolo_course.data.fetching import download as module
from yolo_course.data.fetching.download import download, sha256
from yolo_course.errors import DataError

CONTENT = np.random.default_rng(0).bytes(300_000)


class Server(ThreadingHTTPServer):
    """Serves `content` to everyone.

    Args:
        etag: What it calls this version of the content.
        ranges: Whether it can go on in the middle.
        breaks: How often it cuts the connection after a third of what it owes.
        status: What it answers instead, if it refuses.
        tells: Whether it says how long the content is.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.etag, self.ranges, self.breaks, self.status, self.tells = CONTENT, '"1"', True, 0, None, True
        self.asked: list[str | None] = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/set.zip"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server, wanted = self.server, self.headers.get("Range")
        server.asked.append(wanted)
        if server.status:
            self.send_error(server.status)
            return
        start = 0
        if wanted and server.ranges and self.headers.get("If-Range") == server.etag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= len(server.content):
                self.send_error(416)
                return
        rest = server.content[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(server.content) - 1}/{len(server.content)}")
        if server.tells:
            self.send_header("Content-Length", str(len(rest)))
        if server.etag:
            self.send_header("ETag", server.etag)
        self.end_headers()
        if server.breaks:
            server.breaks -= 1
            rest = rest[: len(rest) // 3]
        self.wfile.write(rest)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 0.0)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def parts(folder):
    return sorted(file.name for file in folder.iterdir())


def test_a_file_comes_whole_and_is_not_asked_for_again(server, tmp_path):
    calls = []
    file = download(server.url, tmp_path / "sub" / "set.zip", lambda *done: calls.append(done))
    assert file.read_bytes() == CONTENT
    assert sha256(file) == hashlib.sha256(CONTENT).hexdigest()
    assert parts(tmp_path / "sub") == ["set.zip"]
    assert calls[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    assert download(server.url, file) == file
    assert server.asked == [None]


def test_a_broken_connection_is_taken_up_where_it_ended(server, tmp_path):
    server.breaks = 2
    assert download(server.url, tmp_path / "set.zip").read_bytes() == CONTENT
    third = len(CONTENT) // 3
    assert server.asked == [None, f"bytes={third}-", f"bytes={third + (len(CONTENT) - third) // 3}-"]


def test_the_next_call_goes_on_where_the_last_one_gave_up(server, tmp_path):
    server.breaks = 3
    with pytest.raises(
        DataError, match=r"can't download: found the connection broke off. Try: run it again, it goes on at"
    ):
        download(server.url, tmp_path / "set.zip")
    assert parts(tmp_path) == ["set.zip.part", "set.zip.part.json"]
    here = (tmp_path / "set.zip.part").stat().st_size
    assert 0 < here < len(CONTENT)
    assert download(server.url, tmp_path / "set.zip").read_bytes() == CONTENT
    assert server.asked[-1] == f"bytes={here}-"
    assert parts(tmp_path) == ["set.zip"]


def test_another_version_of_the_file_starts_over(server, tmp_path):
    """Else the first half would be of the old one and the second of the new one."""
    server.breaks = 3
    with pytest.raises(DataError):
        download(server.url, tmp_path / "set.zip")
    server.content, server.etag = CONTENT[::-1], '"2"'
    assert download(server.url, tmp_path / "set.zip").read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize("change", ["no ranges", "no version", "another address"])
def test_where_it_cant_go_on_it_starts_over(change, server, tmp_path):
    server.breaks = 3
    server.etag = None if change == "no version" else server.etag
    with pytest.raises(DataError):
        download(server.url, tmp_path / "set.zip")
    server.ranges = change != "no ranges"
    url = server.url + "?again" * (change == "another address")
    assert download(url, tmp_path / "set.zip").read_bytes() == CONTENT


def test_a_part_that_is_whole_already_is_found_out(server, tmp_path):
    """Killed between the last byte and the renaming: the server has nothing more to send and answers 416."""
    server.breaks = 3
    with pytest.raises(DataError):
        download(server.url, tmp_path / "set.zip")
    (tmp_path / "set.zip.part").write_bytes(CONTENT)
    assert download(server.url, tmp_path / "set.zip").read_bytes() == CONTENT


def test_a_server_that_does_not_say_how_long_it_is(server, tmp_path):
    server.tells = False
    calls = []
    assert download(server.url, tmp_path / "set.zip", lambda *done: calls.append(done)).read_bytes() == CONTENT
    assert calls[-1] == (len(CONTENT), 0)


@pytest.mark.parametrize(
    ("status", "tries", "words"), [(404, 1, "the server refuses: found 404"), (503, 3, "answers 503")]
)
def test_what_the_server_refuses_is_told(status, tries, words, server, tmp_path):
    server.status = status
    with pytest.raises(DataError, match=words):
        download(server.url, tmp_path / "set.zip")
    assert len(server.asked) == tries
    assert parts(tmp_path) == []


def test_no_network_says_what_to_do(server, tmp_path):
    url = server.url
    server.server_close()
    with pytest.raises(
        DataError, match=r"Try: run it again with a network; or fetch that file elsewhere .* --archive FILE"
    ):
        download(url, tmp_path / "set.zip")
    with pytest.raises(DataError, match="can't download"):
        download("http://no.such.host.invalid/set.zip", tmp_path / "set.zip")
    assert parts(tmp_path) == []


def test_a_server_that_falls_silent_is_given_up(server, tmp_path):
    server.content = b""
    waiting = threading.Event()
    handler = type("Silent", (Handler,), {"do_GET": lambda self: waiting.wait(5)})
    server.RequestHandlerClass = handler
    try:
        with pytest.raises(DataError, match="found no answer"):
            download(server.url, tmp_path / "set.zip", timeout=0.1)
    finally:
        waiting.set()


def test_a_place_that_cant_be_written_is_told(server, tmp_path):
    (tmp_path / "set.zip.part").mkdir()
    with pytest.raises(DataError, match="can't write the download"):
        download(server.url, tmp_path / "set.zip")
