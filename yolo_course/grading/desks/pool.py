"""Who grades: desks on this machine, or the workers of a Dask cluster. Jobs go in, answers come as they are done."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from math import ceil
from typing import Any

from yolo_course.errors import CourseError
from yolo_course.grading.desks.desks import desks_here
from yolo_course.grading.desks.store import environment

CONNECT, WAIT = 20, 60  # seconds for the scheduler, for a first worker
WORTH = 8  # submissions that take as long as it takes to start one more desk
Job = dict[str, Any]
Answer = dict[str, Any]


def _cores() -> int:
    """How many processes can compute at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def grade_here(jobs: dict[str, Job], workers: int | None = None) -> Iterator[tuple[str, Answer]]:
    """Grade on this machine. The desks stay warm for more; they are closed if the caller stops half-way.

    Args:
        jobs: What to grade; see `desk`.
        workers: How many desks at most; by default one a core, and no more than pay for few submissions.

    Yields:
        The name of a job and its answer, see `Desks`.

    Raises:
        SandboxError: Submissions cannot be kept apart on this machine.
    """
    desks = desks_here()
    workers = workers or min(_cores(), ceil(len(jobs) / WORTH))
    with ThreadPoolExecutor(max(1, min(workers, len(jobs)))) as threads:
        waiting = {threads.submit(desks, job): name for name, job in jobs.items()}
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            desks.close()
            raise


def grade_on_cluster(jobs: dict[str, Job], address: str) -> Iterator[tuple[str, Answer]]:
    """Grade on a Dask cluster.

    Args:
        jobs: What to grade; see `desk`.
        address: The scheduler, "tcp://host:8786".

    Yields:
        The name of a job and its answer, see `Desks`.

    Raises:
        CourseError: There is no such cluster, or a worker has other versions installed.
    """
    try:
        import distributed
    except ImportError as error:
        raise CourseError("Dask is not installed", hint="pip install 'yolo-course[grade]'") from error
    try:
        client = distributed.Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CourseError(
            "no Dask scheduler answers", where=address, found=f"{error} ".splitlines()[0][:200]
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError as error:
            raise CourseError("the Dask cluster has no worker", where=address, hint="dask worker ADDRESS") from error
        sources = {text: client.scatter(text, hash=True) for text in {job["source"] for job in jobs.values()}}
        names = {
            client.submit(grade_one, job | {"source": None}, sources[job["source"]], key=f"yolo-course-{name}"): name
            for name, job in jobs.items()
        }
        try:
            for done in distributed.as_completed(names, loop=client.loop):
                yield names[done], _answer(done)
        finally:
            client.cancel([*names], force=True)


def grade_one(job: Job, source: str) -> Answer:
    """Grade one submission in this process's desk: what a worker of Dask is asked to do."""
    return desks_here()(job | {"source": source})


def _answer(done: Any) -> Answer:
    """What a worker has to say; an exception of ours ends the run, any other costs this job."""
    if done.status != "finished":
        error = done.exception()
        if isinstance(error, CourseError):
            raise error
        if isinstance(error, ImportError):
            raise CourseError("a worker has other packages installed", found=str(error)) from error
        return {"error": f"{type(error).__name__}: {error}"[:300]}
    answer = done.result()
    if (theirs := answer.get("environment", environment())) != environment():
        pairs = ((name, mine, theirs.get(name)) for name, mine in environment().items())
        other = ", ".join(f"{name} {its} (here {mine})" for name, mine, its in pairs if mine != its)
        raise CourseError("a worker would grade differently", found=other, hint="install the same versions on all")
    return answer
