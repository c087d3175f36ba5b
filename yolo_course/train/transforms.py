"""Put transforms of your own into Ultralytics' training, at the place where they see what the model will see.

Ultralytics' pipeline for one picture of the train split, and where yours go:

    Mosaic, affine → MixUp → CutMix → Albumentations → HSV → flips → yours → Format (to tensors)

At the front they would change one picture of the four of a mosaic. Put in from outside they would be gone as soon as
`close_mosaic` builds the pipeline again. And the val split has a pipeline, too, which must stay as it is.
"""

from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
import torch
from torch.utils.data import Dataset
from ultralytics import YOLO
from ultralytics.data.augment import BaseTransform, Compose, Format
from ultralytics.engine.trainer import BaseTrainer
from ultralytics.utils.instance import Instances

from yolo_course.augment import Sample
from yolo_course.errors import CourseError

TASKS = ("detect", "segment", "pose", "obb")
EVENT = "on_pretrain_routine_end"  # in every process of a data-parallel run; the loaders stand, no worker runs yet

Change = Callable[[Sample, np.random.Generator], Sample]


def with_transforms(model: YOLO, *transforms: Change | BaseTransform) -> YOLO:
    """Have a model's training pass each picture of the train split through transforms of your own.

    They run after all of Ultralytics' own transforms and after its `augmentations=`, in every epoch, also in those
    after `close_mosaic`, in the main process or in as many workers as you like. The val split never sees them.
    A second call replaces the transforms of the first; without any it takes them out.

    Args:
        model: Its next `train` uses them.
        *transforms: Those of `yolo_course.augment`, or functions of yours that take a `Sample` (picture as RGB, boxes
            as xyxy in pixels) and a generator, and return a `Sample` with a picture of the same size. A transform
            written for Ultralytics, with labels as a dict, is put in as it is. With workers on Windows or macOS they
            must be picklable: no lambdas.

    Returns:
        The model, so that `train` can follow on the same line.

    Raises:
        CourseError: One of them cannot be called. While training: a task without boxes, a transform that returns
            something else or changes the picture's size, or one that moves boxes while there are key points.

    Example:
        >>> with_transforms(model, Cutout(), Blur()).train(data="shapes.yaml")  # doctest: +SKIP
    """
    for transform in transforms:
        if not callable(transform):
            raise CourseError("not a transform", expected="something to call", found=type(transform).__name__)
    callbacks = model.callbacks[EVENT]
    callbacks[:] = [callback for callback in callbacks if not isinstance(callback, Insertion)]
    if transforms:
        model.add_callback(EVENT, Insertion(transforms))
    return model


class Insertion:
    """The callback that puts transforms into a trainer's train split, and into that of a loader built later.

    A trainer builds its loader again, with a smaller batch, when the GPU's memory runs out.
    """

    def __init__(self, transforms: tuple[Change | BaseTransform, ...]):
        self.transforms = transforms

    def __call__(self, trainer: BaseTrainer) -> None:
        if trainer.args.task not in TASKS:
            raise CourseError("transforms need boxes", expected=" or ".join(TASKS), found=trainer.args.task)
        insert_into(trainer.train_loader.dataset, self.transforms)
        trainer.build_dataset = partial(self._build, trainer.build_dataset)

    def _build(self, build: Callable, img_path: str, mode: str = "train", batch: int | None = None) -> Dataset:
        dataset = build(img_path, mode, batch)
        if mode == "train":
            insert_into(dataset, self.transforms)
        return dataset


def insert_into(dataset: Dataset, transforms: tuple[Change | BaseTransform, ...]) -> None:
    """Put transforms into a dataset's pipeline, and into each that it builds from now on.

    Args:
        dataset: One of Ultralytics', or several of them in one.
        transforms: In their order.

    Raises:
        CourseError: The dataset doesn't augment: it is one for validation.
    """
    for part in getattr(dataset, "datasets", [dataset]):
        if not part.augment:
            raise CourseError("transforms are for training alone", found="a dataset that does not augment")
        steps = [
            transform if isinstance(transform, BaseTransform) else Step(transform, place)
            for place, transform in enumerate(transforms)
        ]
        part.build_transforms = Pipeline(part, steps)
        part.transforms = placed(part.transforms, steps)


class Pipeline:
    """What a dataset calls to build its pipeline: its own way to do it, and then the steps, the same ones each time."""

    def __init__(self, dataset: Dataset, steps: "list[BaseTransform | Step]"):
        self.dataset, self.steps = dataset, steps

    def __call__(self, hyp: object) -> Compose:
        return placed(type(self.dataset).build_transforms(self.dataset, hyp), self.steps)


def placed(pipeline: Compose, steps: "list[BaseTransform | Step]") -> Compose:
    """Put steps before the one that turns everything into tensors."""
    own = pipeline.transforms
    end = next(place for place, transform in enumerate(own) if isinstance(transform, Format))
    return Compose([*own[:end], *steps, *own[end:]])


class Step:
    """A transform of ours in Ultralytics' pipeline, which hands around a dict with a BGR picture.

    Its random numbers come from a generator of its own, so those of Ultralytics' transforms stay what they were. It is
    seeded by torch's seed, which differs from worker to worker and follows `seed=`.

    Args:
        transform: Ours.
        place: Its number among several; each has numbers of its own.
    """

    def __init__(self, transform: Change, place: int = 0):
        self.transform, self.place = transform, place
        self.seed, self.rng = None, None

    def __call__(self, labels: dict) -> dict:
        before = _sample(labels)
        after = self.transform(before, self._generator())
        self._look_at(before, after, labels["instances"].keypoints)
        return labels | _labels(after, labels["instances"])

    def _generator(self) -> np.random.Generator:
        seed = torch.initial_seed() % 2**64
        if seed != self.seed:  # the first call in this process: a worker inherits the generator of its parent
            self.seed, self.rng = seed, np.random.default_rng([self.place, seed])
        return self.rng

    def _look_at(self, before: Sample, after: Sample, keypoints: np.ndarray | None) -> None:
        """Raise unless training can go on with what the transform gave."""
        where = getattr(self.transform, "__name__", None) or type(self.transform).__name__
        if not isinstance(after, Sample):
            raise CourseError("a transform returns a sample", found=type(after).__name__, where=where)
        if after.size != before.size:
            message = "a transform must keep the size of the picture: those of a batch are stacked"
            raise CourseError(message, expected=before.size, found=after.size, where=where)
        if keypoints is not None and not np.array_equal(before.boxes, after.boxes):
            hint = "use transforms that change pixels alone"
            raise CourseError("boxes have moved, and key points can't follow", where=where, hint=hint)


def _sample(labels: dict) -> Sample:
    """What Ultralytics hands around, as a sample."""
    image, instances = labels["img"], labels["instances"]
    if image.shape[-1] != 3:
        raise CourseError("transforms need colour pictures", expected="3 channels", found=image.shape[-1])
    instances.convert_bbox("xyxy")
    instances.denormalize(image.shape[1], image.shape[0])
    return Sample(
        cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_BGR2RGB),
        instances.bboxes.copy(),
        labels["cls"][:, 0],  # (n, 1) -> (n,)
        list(instances.segments) if len(instances.segments) else None,
    )


def _labels(sample: Sample, instances: Instances) -> dict:
    """A sample, as Ultralytics hands it around; `instances` are those that it was made of."""
    segments = instances.segments[:0]  # (n, k, 2) -> (0, k, 2)
    if sample.segments:
        segments = np.stack(sample.segments)
    return {
        "img": cv2.cvtColor(sample.image, cv2.COLOR_RGB2BGR),
        "cls": sample.classes[:, None].astype(np.float32),  # (n,) -> (n, 1)
        "instances": Instances(sample.boxes, segments, instances.keypoints, bbox_format="xyxy", normalized=False),
    }
