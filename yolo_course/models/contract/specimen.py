"""The block under test: how it is called, what it is fed, what it gives."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import torch
from torch import Tensor, nn

from yolo_course.errors import CourseError, ModelError
from yolo_course.models.contract.signature import place_of_c2, positional, takes_c1
from yolo_course.models.contract.verdict import Broken

Images = Tensor | list[Tensor]
SIZE = 32, 48  # unequal, so that a transposed map shows
REFUSALS = (ValueError, AssertionError, NotImplementedError, CourseError)  # what a constructor raises on purpose


@dataclass
class Specimen:
    """A block class, its widths and its further arguments.

    Args:
        cls: The class.
        c1: Channels in; a list for a block that reads several maps.
        c2: Channels out.
        args: Further arguments by place.
        kwargs: Further arguments by name.

    Raises:
        ModelError: `cls` is not a module class, or a width is not a whole number of 1 or more.
    """

    cls: type[nn.Module]
    c1: int | list[int]
    c2: int
    args: tuple = ()
    kwargs: dict = field(default_factory=dict)

    def __post_init__(self):
        if not (isinstance(self.cls, type) and issubclass(self.cls, nn.Module)):
            raise ModelError(
                "only a class can be checked", expected="a subclass of torch.nn.Module", found=repr(self.cls)
            )
        self.c1 = list(self.c1) if isinstance(self.c1, list | tuple) else self.c1
        widths = [*(self.c1 if isinstance(self.c1, list) else [self.c1]), self.c2]
        if wrong := [width for width in widths if not isinstance(width, int) or isinstance(width, bool) or width < 1]:
            raise ModelError("a width must be a whole number of 1 or more", found=repr(wrong[0]))

    @property
    def call(self) -> str:
        """The call that is checked, as one would write it."""
        args, kwargs = self._arguments(self.c1, self.c2)
        written = [*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items())]
        return f"{self.cls.__name__}({', '.join(written)})"

    @cached_property
    def keeps_width(self) -> bool:
        """Whether what comes out is as wide as what goes in: there is no c2, or another one than c1 is refused."""
        if place_of_c2(self.cls) is None:
            return True
        if isinstance(self.c1, list):
            return False
        other = self.c2 if self.c2 != self.c1 else 2 * self.c1
        return self._refuses(self.c1, other) and not self._refuses(self.c1, self.c1)

    def c_out(self, c1: int | list[int], c2: int) -> int | None:
        """Channels that must come out; None where that cannot be known, as after a `Concat`."""
        if not self.keeps_width:
            return c2
        return None if isinstance(c1, list) else c1

    def build(self, c1: int | list[int] | None = None, c2: int | None = None, seed: int = 0) -> nn.Module:
        """Build the block as if it had been trained, no parameter all zero, no norm the identity; in eval mode.

        A block that keeps its width gets c1 in place of c2.
        """
        torch.manual_seed(seed)
        c1, c2 = c1 or self.c1, c2 or self.c2
        block = self._construct(c1, c1 if self.keeps_width and isinstance(c1, int) else c2)
        for module in block.modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm):
                _randomise(module.running_mean, -0.5, 0.5)
                _randomise(module.running_var, 0.5, 1.5)
                _randomise(module.weight, 0.5, 1.5)
        for parameter in block.parameters():
            if parameter.requires_grad and not parameter.any():  # a zero hides what hangs on it
                _randomise(parameter, -0.5, 0.5)
        return block.eval()

    def images(
        self, size: tuple[int, int] | None = None, c1: int | list[int] | None = None, batch: int = 2, seed: int = 1
    ) -> Images:
        """Noise to feed the block with; by default of `side` × `side`.

        Shape:
            - returns: (batch, c1, *size), or a list of them
        """
        generator = torch.Generator().manual_seed(seed)
        c1, size = c1 or self.c1, size or (self.side, self.side)
        widths = c1 if isinstance(c1, list) else [c1]
        maps = [torch.randn(batch, width, *size, generator=generator) for width in widths]
        return maps if isinstance(c1, list) else maps[0]

    @cached_property
    def output(self) -> Tensor:
        """What comes out of two images of `SIZE`."""
        return run(self.build(), self.images(SIZE))

    @cached_property
    def scale(self) -> Fraction:
        """Height and width out over height and width in: 1/2 for a block with stride 2.

        Raises:
            Broken: They differ, or neither they nor their inverse is a whole number.
        """
        (height, width), found = SIZE, self.output.shape[2:]
        scales = {Fraction(found[0], height), Fraction(found[1], width)}
        scale = scales.pop()
        if scales or 1 not in (scale.numerator, scale.denominator) or scale == 0:
            raise Broken(
                f"a map of {height}×{width} becomes {found[0]}×{found[1]}, which is no stride; "
                "pad so that height and width stay or shrink by a whole factor"
            )
        return scale

    @property
    def side(self) -> int:
        """A small size that leaves a map of 4×4 or more."""
        return 4 * max(2, self.scale.denominator)

    def sizes(self, size: int) -> set[int]:
        """The heights that may come out for one that goes in: strides may round either way."""
        exact = size * self.scale
        return {int(exact), -int(-exact // 1)}

    def _arguments(self, c1: int | list[int], c2: int) -> tuple[list, dict]:
        if not takes_c1(self.cls):
            return [*self.args], self.kwargs
        place = place_of_c2(self.cls)
        if place is None:
            return [c1, *self.args], self.kwargs
        if place == 1:
            return [c1, c2, *self.args], self.kwargs
        return [c1, *self.args], {positional(self.cls)[place].name: c2, **self.kwargs}

    def _construct(self, c1: int | list[int], c2: int) -> nn.Module:
        placed, named = self._arguments(c1, c2)
        return self.cls(*placed, **named)

    def _refuses(self, c1: int, c2: int) -> bool:
        try:
            self._construct(c1, c2)
        except REFUSALS:
            return True
        except Exception:
            return False
        return False


def run(block: nn.Module, images: Images) -> Tensor:
    """What a block gives for a copy of the images.

    Raises:
        Broken: It is no map.
    """
    found = block(each(images, Tensor.clone))
    if not isinstance(found, Tensor) or found.ndim != 4:
        what = f"a tensor of {found.ndim} dimensions" if isinstance(found, Tensor) else f"a {type(found).__name__}"
        raise Broken(f"forward returns {what}; the next row reads one map (B, C, H, W)")
    return found


def each(images: Images, change: Callable[[Tensor], Tensor]) -> Images:
    """One map or several, every one changed."""
    return [change(image) for image in images] if isinstance(images, list) else change(images)


def as_list(images: Images) -> list[Tensor]:
    """One map or several, as several."""
    return images if isinstance(images, list) else [images]


def _randomise(values: Tensor | None, low: float, high: float) -> None:
    if values is not None:
        values.data.uniform_(low, high)
