"""What export does to a block: half precision, folded batch norms, TorchScript, ONNX."""

import io
from importlib.util import find_spec

import torch
from torch import Tensor, nn
from ultralytics.nn.tasks import BaseModel

from yolo_course.models.contract.specimen import Images, Specimen, as_list, each, run
from yolo_course.models.contract.verdict import Broken, Senseless


def half_precision(specimen: Specimen) -> str:
    """In bfloat16 it stays bfloat16, and near what float32 gives."""
    block, images = specimen.build(), specimen.images()
    expected = run(block, images)
    found = run(block.bfloat16(), each(images, Tensor.bfloat16))
    if found.dtype != torch.bfloat16:
        raise Broken(f"{str(found.dtype)[6:]} comes out of bfloat16; let constants take the input's dtype")
    if not (error := _error(found.float(), expected)) < 0.05:
        raise Broken(f"bfloat16 is {error:.0%} of the largest value away from float32")
    return f"within {error:.1%} of float32"


def fuse(specimen: Specimen) -> str:
    """`model.fuse()`, which every prediction runs, changes nothing in what is computed."""
    block, images = specimen.build(), specimen.images()
    before = _batch_norms(block)
    model = BaseModel()
    model.model = nn.Sequential(block)
    model.info = lambda **_: None  # would count the FLOPs of a whole detector
    expected = run(block, images)
    try:
        model.fuse()
        error = _error(run(block, images), expected)
    except Exception as raised:
        raise Broken(f"after model.fuse(): {type(raised).__name__}: {raised}") from raised
    if not error < 1e-3:
        raise Broken(
            f"model.fuse() changes the output by {error:.1%}; it replaces the forward of Conv and its subclasses "
            "by convolution and activation alone: hold a Conv instead of being one"
        )
    if not before:
        raise Senseless("no batch norm to fold")
    left = _batch_norms(block)
    stays = f"; {left[0]} stays: only those inside Ultralytics' Conv are" if left else ""
    return f"{len(before) - len(left)} of {len(before)} batch norms folded{stays}"


def torchscript(specimen: Specimen) -> str:
    """A trace, made as Ultralytics makes it, computes the same for other pixels."""
    block, images = specimen.build(), specimen.images()
    traced = torch.jit.trace(block, (images,), strict=False, check_trace=False)
    for other in _others(specimen):
        if not _error(run(traced, other), run(block, other)) < 1e-3:
            raise Broken("for other pixels the trace computes something else: it has kept one side of an if")
    return ""


def onnx(specimen: Specimen) -> str:
    """The ONNX graph, made as Ultralytics makes it, computes the same in onnxruntime."""
    if missing := [name for name in ("onnx", "onnxruntime") if not find_spec(name)]:
        raise Senseless(f"{' and '.join(missing)} not installed: pip install {' '.join(missing)}")
    import onnxruntime

    block, file = specimen.build(), io.BytesIO()
    names = [f"x{n}" for n, _ in enumerate(as_list(specimen.images()))]
    torch.onnx.export(block, (specimen.images(),), file, dynamo=False, input_names=names, output_names=["y"])
    options = onnxruntime.SessionOptions()
    options.log_severity_level, options.intra_op_num_threads = 3, 1
    session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
    for other in _others(specimen):
        feed = {name: image.numpy() for name, image in zip(names, as_list(other), strict=True)}
        (found,) = session.run(None, feed)
        if not _error(torch.from_numpy(found), run(block, other)) < 1e-3:
            raise Broken("onnxruntime computes something else")
    return ""


def _others(specimen: Specimen) -> list[Images]:
    """Images of the size that was exported: bright, dark and noisy."""
    noise = specimen.images(seed=2)
    return [each(noise, lambda x: x + 3), each(noise, lambda x: x - 3), noise]


def _error(found: Tensor, expected: Tensor) -> float:
    """The largest difference as a share of the largest value; NaN and another shape count as infinite."""
    if found.shape != expected.shape or not found.isfinite().all():
        return float("inf")
    return ((found - expected).abs().max() / expected.abs().max().clamp(min=1e-6)).item()


def _batch_norms(block: nn.Module) -> list[str]:
    return [name for name, module in block.named_modules() if isinstance(module, nn.BatchNorm2d)]
