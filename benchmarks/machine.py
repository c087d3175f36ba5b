"""What a benchmark's figures depend on: the machine and the versions of what runs. Measures nothing itself."""

import os
import platform
from importlib.metadata import version
from pathlib import Path


def machine() -> dict[str, object]:
    """Return processor, cores and system, and the load before the benchmark."""
    cpu = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        models = (line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
        cpu = next(models, cpu).partition(":")[2].strip() or cpu
    load = {"load_before": os.getloadavg()[0]} if hasattr(os, "getloadavg") else {}  # Windows has none
    return {"cpu": cpu, "cores": os.cpu_count(), "system": platform.platform()} | load


def versions(*names: str) -> dict[str, str]:
    """Return the versions of Python and of these distributions."""
    return {"python": platform.python_version()} | {name: version(name) for name in names}
