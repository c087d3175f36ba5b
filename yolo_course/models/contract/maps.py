"""What comes out: its shape, its precision, at odd sizes and at tiny widths."""

import torch

from yolo_course.models.contract.specimen import SIZE, Images, Specimen, as_list, run
from yolo_course.models.contract.verdict import Broken

NARROWEST = 8  # Ultralytics scales widths to multiples of 8


def constructor(specimen: Specimen) -> str:
    """The class can be built with these arguments."""
    specimen.build()
    if specimen.c_out(specimen.c1, specimen.c2) not in (None, specimen.c2):
        return f"it keeps its width: {specimen.c2} is not asked for"
    return ""


def shape(specimen: Specimen) -> str:
    """As many channels come out as were asked for; height and width stay, or change by one whole factor."""
    found, asked = specimen.output, specimen.c_out(specimen.c1, specimen.c2)
    if len(found) != 2:
        raise Broken(f"{len(found)} images come out of 2; keep the batch first")
    if asked not in (None, found.shape[1]):
        raise Broken(f"{found.shape[1]} channels come out, {asked} were asked for; the next row counts on c2")
    scale = specimen.scale
    told = f"stride {scale.denominator}" if scale <= 1 else f"enlarges {scale.numerator} times"
    return f"{_sizes(specimen.images(SIZE))} -> {_size(found)}, {told}"


def dtype(specimen: Specimen) -> str:
    """Finite float32 comes out of float32."""
    found = run(specimen.build(), specimen.images())
    if found.dtype != torch.float32:
        raise Broken(f"{_name(found)} comes out of float32; let constants take the input's dtype")
    if not found.isfinite().all():
        raise Broken("infinities or NaN come out of ordinary noise")
    return ""


def odd_sizes(specimen: Specimen) -> str:
    """Maps of odd and unequal sides, and the smallest ones, go through."""
    s = specimen.scale.denominator
    block, tried = specimen.build(), [(4 * s + 3, 2 * s + 1), (3 * s, 5 * s), (s, s)]
    for height, width in tried:
        try:
            found = run(block, specimen.images((height, width))).shape[2:]
        except Exception as error:
            raise Broken(f"at {height}×{width}: {in_words(error)}") from error
        if not all(size in specimen.sizes(given) for size, given in zip(found, (height, width), strict=True)):
            raise Broken(f"a map of {height}×{width} becomes {found[0]}×{found[1]}")
    return "also " + ", ".join(f"{height}×{width}" for height, width in tried)


def tiny_widths(specimen: Specimen) -> str:
    """The block works at 8 channels, the fewest that a scaled YAML row has; the answer says how far below."""
    smallest, stopped = NARROWEST, ""
    for width in (8, 4, 3, 2, 1):
        try:
            _narrow(specimen, width)
        except Exception as error:
            if width == NARROWEST:
                raise Broken(f"at {width} channels: {in_words(error)}") from error
            stopped = f"; at {width}: {in_words(error)}"
            break
        smallest = width
    return f"down to {smallest} channel{'s' * (smallest > 1)}{stopped}"


def in_words(error: Exception) -> str:
    """An exception in one line."""
    words = " ".join(str(error).split())
    return words if isinstance(error, Broken) else f"{type(error).__name__}: {words[:160]}".rstrip(": ")


def _narrow(specimen: Specimen, width: int) -> None:
    """Run the block with `width` channels in, out and both; with equal widths only where it is checked so."""
    unequal = () if specimen.c1 == specimen.c2 else ((width, 2 * width), (2 * width, width))
    for a, b in ((width, width), *unequal):
        c1 = [a] * len(specimen.c1) if isinstance(specimen.c1, list) else a
        block = specimen.build(c1, b)
        if empty := [name for name, parameter in block.named_parameters() if not parameter.numel()]:
            raise Broken(f"{empty[0]} is empty; keep at least one channel, as in max(c // r, 1)")
        found, asked = run(block, specimen.images(c1=c1)), specimen.c_out(c1, b)
        if asked not in (None, found.shape[1]):
            raise Broken(f"{found.shape[1]} channels come out, {asked} were asked for")
        if not found.isfinite().all():
            raise Broken("infinities or NaN come out")


def _name(found: torch.Tensor) -> str:
    return str(found.dtype).removeprefix("torch.")


def _size(found: torch.Tensor) -> str:
    return "×".join(map(str, found.shape[1:]))


def _sizes(images: Images) -> str:
    return " + ".join(map(_size, as_list(images)))
