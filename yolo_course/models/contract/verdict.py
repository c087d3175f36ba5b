"""What is said about a block: items, and the report that holds them."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["pass", "fail", "not applicable"]


class Broken(Exception):
    """Raised by a question of the contract: the block breaks it; the message says how and what to try."""


class Senseless(Exception):
    """Raised by a question of the contract that cannot be put to this block; the message says why."""


@dataclass(frozen=True)
class Item:
    """The answer to one question.

    Args:
        name: What was asked.
        status: `"pass"`, `"fail"` or `"not applicable"`.
        reason: What was found, or why not.
        seconds: How long it took.
    """

    name: str
    status: Status
    reason: str
    seconds: float


@dataclass(frozen=True, repr=False)
class Report:
    """What `check_block` found.

    Args:
        block: The call that was checked, such as `Conv(32, 64)`.
        items: One answer to each question, in order.
    """

    block: str
    items: tuple[Item, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not any(item.status == "fail" for item in self.items)

    def __repr__(self) -> str:
        lines = [f"{item.status:<14}  {item.name:<18}  {item.reason}".rstrip() for item in self.items]
        return "\n".join([f"{self.block}: {'ok' if self.ok else 'not ok'}", *lines])
