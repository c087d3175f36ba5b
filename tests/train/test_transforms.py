"""Transforms in Ultralytics' training: how many pixels they change, on which split, in which epochs and processes."""

import copy
import pickle
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from ultralytics import YOLO
from ultralytics.cfg import get_cfg
from ultralytics.data.augment import BaseTransform, Format, Mosaic
from ultralytics.data.build import build_yolo_dataset
from ultralytics.data.utils import check_det_dataset
from ultralytics.models.yolo.detect import DetectionTrainer

from yolo_course import data
from yolo_course.augment import Affine, Compose, Cutout, Flip, Noise
from yolo_course.errors import CourseError
from yolo_course.models.build import build
from yolo_course.models.quiet import quiet
from yolo_course.train.transforms import EVENT, Insertion, Step, insert_into, with_transforms

STILL = {"mosaic": 0.0, "translate": 0.0, "scale": 0.0, "fliplr": 0.0, "hsv_h": 0.0, "hsv_s": 0.0, "hsv_v": 0.0}


def white(sample, rng):
    return sample.replace(image=np.full_like(sample.image, 255))


def red(sample, rng):
    image = np.zeros_like(sample.image)
    image[..., 0] = 255
    return sample.replace(image=image)


def stamp(sample, rng):
    """Writes a number into the first pixels, so that a batch shows which numbers were drawn."""
    image = sample.image.copy()
    image[0, :4] = rng.integers(0, 256, (4, 3))
    return sample.replace(image=image)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    return data.make("shapes", out=tmp_path_factory.mktemp("few") / "shapes", images=20, size=64)  # 16 to train on


@pytest.fixture(scope="module")
def polygons(few, tmp_path_factory):
    """The same pictures with each box as a polygon of its corners."""
    root = tmp_path_factory.mktemp("polygons")
    for split in ("train", "val"):
        for part in ("images", "labels"):
            (root / part / split).mkdir(parents=True)
        for image in data.load(few).images(split):
            (root / "images" / split / image.name).write_bytes(image.read_bytes())
            rows = data.read_labels(data.Dataset.label_of(image))
            lines = []
            for cls, x, y, w, h in rows.tolist():
                corners = (x - w / 2, y - h / 2, x + w / 2, y - h / 2, x + w / 2, y + h / 2, x - w / 2, y + h / 2)
                lines.append(" ".join(map(str, (int(cls), *np.clip(corners, 0, 1).tolist()))))
            (root / "labels" / split / f"{image.stem}.txt").write_text("\n".join(lines))
    file = root / "polygons.yaml"
    file.write_text("train: images/train\nval: images/val\nnames: [circle, square, triangle]\n")
    return file


def dataset(file, mode="train", task="detect", **settings):
    """Ultralytics' own dataset, as its trainer builds it."""
    cfg = get_cfg(overrides={"task": task, "imgsz": 64, **settings})
    with quiet():
        described = check_det_dataset(str(file))
        return build_yolo_dataset(cfg, described[mode], 8, described, mode=mode, rect=mode == "val")


def hyp(**settings):
    return get_cfg(overrides={"imgsz": 64, **settings})


# the pipeline, without training


@pytest.mark.parametrize("settings", [{}, STILL, {"mosaic": 1.0, "mixup": 1.0}])
def test_every_pixel_is_changed_with_and_without_mosaic(few, settings):
    """At the front of the pipeline it would be a fifth of them: errata 000-52."""
    made = dataset(few, **settings)
    insert_into(made, (white,))
    assert all((made[index]["img"] == 255).all() for index in range(len(made)))


def test_they_come_after_ultralytics_own_augmentations(few):
    """Not installed with the course: albumentations brings a second OpenCV."""
    albumentations = pytest.importorskip("albumentations", reason="albumentations is not installed")
    plain = dataset(few, **STILL)
    both = dataset(few, augmentations=[albumentations.InvertImg(p=1.0)], **STILL)
    insert_into(both, (lambda sample, rng: sample.replace(image=sample.image // 2),))
    for index in range(len(plain)):
        assert torch.equal(both[index]["img"], (255 - plain[index]["img"]) // 2)


def test_at_the_front_only_one_of_four_would_change(few):
    """What `with_transforms` is there to avoid, measured."""
    made = dataset(few, **STILL | {"mosaic": 1.0})
    made.transforms.insert(0, lambda labels: labels | {"img": np.full_like(labels["img"], 255)})
    share = np.mean([(made[index]["img"] == 255).float().mean() for index in range(16)])
    assert 0.1 < share < 0.45


def test_stock_transforms_stay_in_their_order(few):
    made = dataset(few)
    stock = [type(step) for step in made.transforms.transforms]
    insert_into(made, (white, Noise()))
    found = made.transforms.transforms
    assert [type(step) for step in found] == [*stock[:-1], Step, Step, Format]


def test_close_mosaic_builds_a_pipeline_with_the_same_steps(few):
    made = dataset(few)
    insert_into(made, (white,))
    step = made.transforms.transforms[-2]
    made.close_mosaic(hyp())
    assert made.transforms.transforms[-2] is step  # a new one would draw the first numbers again
    mosaic = made.transforms.transforms[0].transforms[0]
    assert isinstance(mosaic, Mosaic)
    assert mosaic.p == 0
    assert (made[0]["img"] == 255).all()


def test_the_val_split_is_refused(few):
    with pytest.raises(CourseError, match="for training alone"):
        insert_into(dataset(few, "val"), (white,))


def test_a_transform_sees_rgb(few):
    made = dataset(few)
    insert_into(made, (red,))
    image = made[0]["img"]  # RGB, as the model gets it
    assert (image[0] == 255).all()
    assert (image[1:] == 0).all()


@pytest.mark.parametrize("settings", [STILL, STILL | {"fliplr": 1.0}, STILL | {"mosaic": 1.0}])
def test_a_transform_that_changes_nothing_changes_nothing(few, settings):
    """Pictures, boxes and classes to the last bit, and the random numbers of the transforms beside it."""
    import random

    def sequence(*transforms):
        made = dataset(few, cache="ram", **settings)
        if transforms:
            insert_into(made, transforms)
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002
        torch.manual_seed(0)
        return [made[index] for index in range(16)]

    for plain, ours in zip(sequence(), sequence(lambda sample, rng: sample, Flip(p=0)), strict=True):
        torch.testing.assert_close(ours["img"], plain["img"], rtol=0, atol=0)
        torch.testing.assert_close(ours["bboxes"], plain["bboxes"], rtol=0, atol=1e-6)
        torch.testing.assert_close(ours["cls"], plain["cls"], rtol=0, atol=0)


@pytest.mark.parametrize("task", ["detect", "segment"])
def test_a_flip_of_ours_is_a_flip_of_theirs(few, polygons, task):
    file = polygons if task == "segment" else few
    theirs, ours = dataset(file, task=task, **STILL | {"fliplr": 1.0}), dataset(file, task=task, **STILL)
    insert_into(ours, (Flip(p=1.0),))
    for index in range(16):
        one, other = theirs[index], ours[index]
        torch.testing.assert_close(other["img"], one["img"], rtol=0, atol=0)
        torch.testing.assert_close(other["bboxes"], one["bboxes"], rtol=0, atol=1e-5)
        torch.testing.assert_close(other["cls"], one["cls"], rtol=0, atol=0)
        if task == "segment":
            assert (other["masks"] != one["masks"]).float().mean() < 0.01


def test_boxes_that_are_dropped_are_gone_with_their_class(few, polygons):
    for task, file in (("detect", few), ("segment", polygons)):
        made = dataset(file, task=task, **STILL)
        before = sum(len(made[index]["cls"]) for index in range(16))
        insert_into(made, (Affine(translate=0.9, scale=0),))
        torch.manual_seed(0)
        found = [made[index] for index in range(16)]
        for item in found:
            assert len(item["cls"]) == len(item["bboxes"]) == len(item["batch_idx"])
        assert 0 < sum(len(item["cls"]) for item in found) < before
        made.collate_fn(found)


def test_a_transform_of_ultralytics_own_kind_is_put_in_as_it_is(few):
    class Black(BaseTransform):
        def apply_image(self, labels, params=None):
            labels["img"] = np.zeros_like(labels["img"])
            return labels

    made = dataset(few)
    insert_into(made, (white, Black()))
    assert (made[0]["img"] == 0).all()


def test_numbers_follow_the_seed_and_each_transform_has_its_own(few):
    def drawn(seed):
        made, seen = dataset(few, **STILL), []
        insert_into(
            made,
            (lambda sample, rng: (seen.append(rng.random()), sample)[1],) * 2,
        )
        torch.manual_seed(seed)
        [made[index] for index in range(4)]
        return seen

    assert drawn(1) == drawn(1) != drawn(2)
    assert len(set(drawn(1))) == 8


@pytest.mark.parametrize(
    ("transform", "words"),
    [
        (lambda sample, rng: None, "<lambda>: a transform returns a sample: found NoneType"),
        (lambda sample, rng: sample.image, "returns a sample: found ndarray"),
        (Affine(size=(32, 32)), r"Affine: a transform must keep the size.*\(64, 64\), found \(32, 32\)"),
    ],
)
def test_what_training_could_not_go_on_with_is_told(few, transform, words):
    made = dataset(few)
    insert_into(made, (transform,))
    with pytest.raises(CourseError, match=words):
        made[0]


def test_key_points_stay_with_boxes_that_do_not_move():
    from ultralytics.utils.instance import Instances

    def labels():
        points = np.array([[[5.0, 6.0, 2.0]]], np.float32)
        boxes = Instances(np.float32([[2, 2, 9, 9]]), keypoints=points, bbox_format="xyxy", normalized=False)
        return {"img": np.zeros((16, 16, 3), np.uint8), "cls": np.zeros((1, 1), np.float32), "instances": boxes}

    found = Step(Noise(p=1.0))(labels())["instances"]
    np.testing.assert_array_equal(found.keypoints, labels()["instances"].keypoints)
    with pytest.raises(CourseError, match="key points can't follow"):
        Step(Flip(p=1.0))(labels())


def test_grey_pictures_are_told():
    with pytest.raises(CourseError, match="colour pictures: expected 3 channels, found 1"):
        Step(white)({"img": np.zeros((16, 16, 1), np.uint8), "instances": None})


@pytest.mark.parametrize("travel", [copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))])
def test_a_dataset_that_travels_keeps_its_steps(few, travel):
    """To a worker on Windows or macOS it goes by pickle."""
    made = dataset(few)
    insert_into(made, (Compose(white, Cutout(p=0)),))
    again = travel(made)
    again.close_mosaic(hyp())
    assert (again[0]["img"] == 255).all()
    assert again.build_transforms.dataset is again


# the model


def test_a_second_call_replaces_the_first_and_an_empty_one_takes_all_out():
    model = YOLO("yolo11n.yaml")
    stock = len(model.callbacks[EVENT])
    assert with_transforms(model, white) is with_transforms(model, red, white) is model
    (ours,) = [callback for callback in model.callbacks[EVENT] if isinstance(callback, Insertion)]
    assert ours.transforms == (red, white)
    assert len(with_transforms(model).callbacks[EVENT]) == stock


def test_what_cannot_be_called_is_refused():
    with pytest.raises(CourseError, match="not a transform: expected something to call, found str"):
        with_transforms(YOLO("yolo11n.yaml"), "blur")


def test_a_task_without_boxes_is_refused():
    with pytest.raises(CourseError, match=r"transforms need boxes.*found classify"):
        Insertion((white,))(SimpleNamespace(args=SimpleNamespace(task="classify")))


# training


class Watching(DetectionTrainer):
    """Keeps what each batch looks like: the share of pixels that are white, and the first pixels."""

    def preprocess_batch(self, batch):
        seen = batch["img"].permute(0, 2, 3, 1)  # (b, 3, h, w) -> (b, h, w, 3)
        self.watched.append((self.epoch, (seen == 255).float().mean().item(), seen[:, 0, :4].numpy().copy()))
        return super().preprocess_batch(batch)


def train(few, folder, *transforms, workers=0, epochs=3, **settings):
    """Train on the whole path of Ultralytics; return what was seen of the train split, and the trainer."""
    model = with_transforms(build("pico", nc=3), *transforms)
    Watching.watched = []
    model.add_callback("on_pretrain_routine_start", lambda trainer: setattr(trainer.args, "workers", workers))
    with quiet():
        model.train(
            trainer=Watching,
            data=str(few),
            epochs=epochs,
            batch=8,
            imgsz=64,
            plots=False,
            project=str(folder),
            close_mosaic=1,
            **settings,
        )
    return Watching.watched, model.trainer


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 2])
def test_every_pixel_of_every_epoch_and_none_of_the_val_split(few, tmp_path, workers):
    watched, trainer = train(few, tmp_path, white, workers=workers)
    assert trainer.train_loader.num_workers == workers
    assert [epoch for epoch, _, _ in watched] == [0, 0, 1, 1, 2, 2]
    assert [share for _, share, _ in watched] == [1.0] * 6  # the last epoch is one after close_mosaic
    assert trainer.train_loader.dataset.transforms.transforms[0].transforms[0].p == 0  # and it was closed
    val = trainer.test_loader.dataset
    assert [type(step).__name__ for step in val.transforms.transforms] == ["LetterBox", "Format"]
    assert max((item["img"] == 255).float().mean() for item in val) < 0.5


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 2])
def test_no_numbers_are_drawn_twice_and_the_same_seed_draws_the_same(few, tmp_path, workers):
    settings = {**STILL, "workers": workers, "epochs": 2, "val": False}
    runs = [train(few, tmp_path / str(run), stamp, seed=seed, **settings)[0] for run, seed in enumerate((3, 3, 4))]
    first, again, other = (np.concatenate([stamps for _, _, stamps in run]) for run in runs)  # (32, 4, 3) each
    assert len({drawn.tobytes() for drawn in first}) == 2 * 16
    np.testing.assert_array_equal(first, again)
    assert not (first == other).all((1, 2)).any()


@pytest.mark.slow
def test_a_loader_that_is_built_again_has_them_too(few, tmp_path):
    """As after the GPU's memory ran out, with half of the batch."""
    _, trainer = train(few, tmp_path, white, epochs=1)
    trainer._build_train_pipeline()
    assert (trainer.train_loader.dataset[0]["img"] == 255).all()
    assert [type(step).__name__ for step in trainer.test_loader.dataset.transforms.transforms] == [
        "LetterBox",
        "Format",
    ]


@pytest.mark.slow
def test_beside_the_augmentations_of_ultralytics(few, tmp_path):
    """Albumentations is no dependency of the course; where it is installed, its transforms come first."""
    albumentations = pytest.importorskip("albumentations", reason="albumentations is not installed")

    def darker(sample, rng):
        return sample.replace(image=sample.image // 2)

    bright = albumentations.RandomBrightnessContrast((1.0, 1.0), (0.0, 0.0), brightness_by_max=True, p=1.0)
    _, trainer = train(few, tmp_path, darker, epochs=1, augmentations=[bright], **STILL)
    names = [type(step).__name__ for step in trainer.train_loader.dataset.transforms.transforms]
    assert names.index("Albumentations") < names.index("Step")
    item = trainer.train_loader.dataset[0]["img"]
    assert (item == 127).all()  # first all white, then half of it
