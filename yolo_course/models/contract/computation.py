"""What happens on the way: to the input, to the gradients, between the images of a batch, from run to run."""

import torch
from torch import Tensor, nn

from yolo_course.models.contract.specimen import Images, Specimen, as_list, each, run
from yolo_course.models.contract.verdict import Broken

DRAWS = 5  # an unlucky draw kills a narrow ReLU; what is dead in five draws is not connected


def input_intact(specimen: Specimen) -> str:
    """The input is the same after the forward pass; later rows of the model read it too.

    Asked once more with every `inplace` switched on, which is how Ultralytics' checkpoint loader leaves a model.
    """
    block, images = specimen.build(), specimen.images()
    for mode in (True, False):
        _keeps(block.train(mode), images, "the input is overwritten; write y = x + …, not x += …")
    expected = run(block, images)
    switched = [module for module in block.modules() if hasattr(module, "inplace")]
    for module in switched:
        module.inplace = True
    after = "once Ultralytics' loader has switched inplace=True on (it does so for every checkpoint)"
    _keeps(block, images, f"the input is overwritten {after}; copy it before the activation")
    if not torch.allclose(run(block, images), expected, rtol=1e-4, atol=1e-5):
        raise Broken(f"the output changes {after}; use no tensor again that has been through an activation")
    return ""


def gradients(specimen: Specimen) -> str:
    """A backward pass reaches the input and every parameter that is to be trained."""
    missing: set[str] | None = None
    for draw in range(DRAWS):
        for mode in (True, False):  # a bias before a batch norm has a gradient in eval mode only
            dead = _without_gradient(specimen, draw, mode)
            missing = dead if missing is None else missing & dead
            if not missing:
                return ""
    raise Broken(f"no gradient reaches {', '.join(sorted(missing)[:4])}{' and more' * (len(missing) > 4)}")


def batch_independence(specimen: Specimen) -> str:
    """In eval mode an image's result does not depend on what else is in the batch."""
    block, images = specimen.build(), specimen.images(batch=3)
    first = run(block, images)[:1]
    other, alone = each(images, lambda x: torch.cat((x[:1], -2 * x[1:]))), each(images, lambda x: x[:1])
    for found in (run(block, other)[:1], run(block, alone)):
        if found.shape != first.shape or not torch.allclose(found, first, rtol=1e-3, atol=1e-5):
            difference = (found - first).abs().max().item() if found.shape == first.shape else float("inf")
            raise Broken(
                f"the first image's result changes by {difference:.2g} with the other images; "
                "look for (sequence, batch, C) layouts and for statistics over dimension 0"
            )
    return ""


def determinism(specimen: Specimen) -> str:
    """In eval mode the same input gives the same output, again and again."""
    block, images = specimen.build(), specimen.images()
    first = run(block, images)
    for _ in range(2):
        if not torch.equal(run(block, images), first):
            raise Broken("two runs in eval mode differ; pass training=self.training to dropout, keep no state")
    return ""


def _keeps(block: nn.Module, images: Images, complaint: str) -> None:
    given = each(images, Tensor.clone)
    block(given)
    if not all(map(torch.equal, as_list(given), as_list(images))):
        raise Broken(complaint)


def _without_gradient(specimen: Specimen, draw: int, mode: bool) -> set[str]:
    """Names of the parameters, and of the input, that one backward pass leaves out."""
    block = specimen.build(seed=draw).train(mode)
    images = specimen.images(seed=draw)
    each(images, Tensor.requires_grad_)
    with torch.enable_grad():
        found = run(block, images)
        (found * torch.randn_like(found)).sum().backward()
    tensors = {f"input {n}": image for n, image in enumerate(as_list(images))} | {
        name: parameter for name, parameter in block.named_parameters() if parameter.requires_grad
    }
    for name, tensor in tensors.items():
        if tensor.grad is not None and not tensor.grad.isfinite().all():
            raise Broken(f"the gradient of {name} is not finite")
    return {name for name, tensor in tensors.items() if tensor.grad is None or not tensor.grad.any()}
