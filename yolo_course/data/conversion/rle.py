"""Run-length masks of COCO (Lin et al., "Microsoft COCO", 2014; the string form is that of its `maskApi.c`).

Runs go down the columns, the left one first, and alternate between background and object, background first.
"""

import numpy as np

from yolo_course.errors import DataError

_FIVE, _MORE, _SIGN = 0x1F, 0x20, 0x10
_LONGEST = 13  # characters of one number: 64 bits, five at a time
_LARGEST = 1 << 28  # pixels; a header alone must not be able to ask for all the memory


def decode_rle(segmentation: dict) -> np.ndarray:
    """Turn a run-length mask into pixels.

    Args:
        segmentation: `{"size": [h, w], "counts": …}`, the counts a list of runs or COCO's compressed string.

    Shape:
        (h, w) bool.

    Raises:
        DataError: It lacks a key, holds something else, or its runs don't add up to the size.
    """
    height, width = _size(segmentation.get("size"))
    counts = segmentation.get("counts")
    runs = decompress(counts) if isinstance(counts, str | bytes) else counts
    if not isinstance(runs, list) or not all(type(run) is int and run >= 0 for run in runs):
        raise DataError("broken run-length mask", expected="counts of pixels, from 0", found=_short(counts))
    if sum(runs) != height * width:
        raise DataError("broken run-length mask", expected=f"{height * width} pixels in all", found=sum(runs))
    flags = np.arange(len(runs)) % 2 == 1
    return np.repeat(flags, runs).reshape(width, height).T  # (w * h,), column by column -> (h, w)


def decompress(counts: str | bytes) -> list[int]:
    """Turn COCO's compressed string into runs.

    Five bits a character, the lowest first; 32 says that the number goes on. From the fourth run on a number is the
    difference to the run two places before it.

    Raises:
        DataError: A character is out of range, a number is too long, or the last one doesn't end.
    """
    codes = counts.encode("latin-1", "replace") if isinstance(counts, str) else counts
    runs, value, shift = [], 0, 0
    for code in codes:
        bits = code - 48
        if not 0 <= bits < 64 or shift >= 5 * _LONGEST:
            raise DataError("broken run-length mask", expected="COCO's compressed counts", found=_short(counts))
        value |= (bits & _FIVE) << shift
        shift += 5
        if not bits & _MORE:
            if bits & _SIGN:
                value -= 1 << shift
            runs.append(value + runs[-2] if len(runs) > 2 else value)
            value = shift = 0
    if shift:
        raise DataError("broken run-length mask", expected="a last number that ends", found=_short(counts))
    return runs


def _size(size: object) -> tuple[int, int]:
    if not isinstance(size, list | tuple) or len(size) != 2 or not all(type(side) is int and side > 0 for side in size):
        raise DataError("broken run-length mask", expected="size: [height, width]", found=_short(size))
    if size[0] * size[1] > _LARGEST:
        raise DataError("broken run-length mask", expected=f"{_LARGEST} pixels at most", found=_short(size))
    return size[0], size[1]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
