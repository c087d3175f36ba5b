"""Settings every test shares: no network, no auto-install, no settings file of the user's, one thread."""

import os
import tempfile

import pytest

os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.mkdtemp(prefix="yolo-config-"))
os.environ["YOLO_AUTOINSTALL"] = "false"
os.environ["YOLO_OFFLINE"] = "true"
os.environ.setdefault("MPLBACKEND", "agg")


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Tiny tensors are slower on two threads; kernels and commands that a test starts keep their own number."""
    import torch

    torch.set_num_threads(1)
