"""A criterion of one's own through the whole life of a run: trained, averaged, saved, resumed, opened elsewhere."""

import copy
import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from PIL import Image
from torch import nn
from ultralytics import YOLO
from ultralytics.models.yolo.detect import DetectionTrainer
from ultralytics.models.yolo.segment import SegmentationTrainer
from ultralytics.nn.tasks import DetectionModel, yaml_model_load
from ultralytics.utils import LOGGER
from ultralytics.utils.dist import ddp_cleanup, generate_ddp_file

from yolo_course.errors import CourseError, ModelError
from yolo_course.losses.criterion import DetectionCriterion
from yolo_course.losses.distillation import Teacher, logit_distillation
from yolo_course.losses.learnable import Learnable
from yolo_course.models.names import ZOO
from yolo_course.train.criterion import use_criterion

TERMS = ["box_loss", "cls_loss", "l1_loss", "mine_loss", "scale_loss"]
calls = Counter()


def mine(predictions, targets, assignment):
    """A term with a gradient, which counts how often it runs."""
    calls["mine"] += 1
    return predictions.logits.sigmoid().mean()


@pytest.fixture(scope="module")
def options(tmp_path_factory):
    """Eight images of noise with two boxes each: what trains on them proves nothing but that it runs."""
    root, rng = tmp_path_factory.mktemp("noise"), np.random.default_rng(0)
    for folder in ("images", "labels"):
        (root / folder).mkdir()
    for i in range(8):
        Image.fromarray(rng.integers(0, 255, (64, 64, 3), dtype=np.uint8)).save(root / "images" / f"{i}.png")
        boxes = np.column_stack([[0, 1], rng.uniform(0.3, 0.7, (2, 2)), rng.uniform(0.2, 0.5, (2, 2))])
        np.savetxt(root / "labels" / f"{i}.txt", boxes, fmt=["%d", *["%.4f"] * 4])
    data = root / "data.yaml"
    data.write_text(f"path: {root}\ntrain: images\nval: images\nnames: [salt, pepper]\n")
    fixed = {"imgsz": 64, "batch": 4, "nbs": 4, "device": "cpu", "workers": 0, "optimizer": "SGD", "lr0": 0.01}
    quiet = {"plots": False, "verbose": False, "amp": False, "warmup_epochs": 0, "pretrained": False}
    return {**fixed, **quiet, "data": str(data), "project": str(tmp_path_factory.mktemp("runs"))}


@pytest.fixture(scope="module")
def dual_yaml(tmp_path_factory):
    """A yolo26 an eighth as wide, with its two heads."""
    config = yaml_model_load("yolo26.yaml") | {"nc": 2, "scales": {"n": [0.33, 0.125, 1024]}}
    path = tmp_path_factory.mktemp("model") / "tiny26n.yaml"
    path.write_text("\n".join(f"{key}: {value}" for key, value in config.items() if key != "yaml_file"))
    return path


@pytest.fixture(scope="module")
def run(dual_yaml, options):
    """Two of three epochs with a fourth term of a learnable weight, then stopped; and what was said meanwhile."""

    class Stop(Exception): ...

    def stop(trainer):
        if trainer.epoch == 2:
            trainer.used = trainer.model.criterion, trainer.ema.ema.criterion
            trainer.kinds = type(trainer.model), type(trainer.ema.ema)
            raise Stop

    told = []
    model = use_criterion(YOLO(dual_yaml), {"mine": mine}, {"mine": Learnable(0.5)})
    model.add_callback("on_train_epoch_start", stop)
    LOGGER.addFilter(listen := lambda record: told.append(record.getMessage()) or True)
    with pytest.raises(Stop):
        model.train(**options, epochs=3, name="run")
    LOGGER.removeFilter(listen)
    model.trainer.told, model.trainer.left = "\n".join(told), model
    return model.trainer


def columns(trainer):
    with trainer.csv.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_the_term_is_in_the_progress_bar_and_the_csv_and_the_plot(run, monkeypatch):
    header = next(line for line in run.told.splitlines() if "Epoch" in line)
    assert header.split() == ["Epoch", "GPU_mem", *TERMS, "Instances", "Size"]
    rows = columns(run)
    assert len(rows) == 2
    for row in rows:
        assert all(np.isfinite(float(row[f"{split}/{name}"])) for split in ("train", "val") for name in TERMS)
    titles = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: titles.extend(ax.get_title() for ax in figure.axes))
    run.plot_metrics()
    assert {"train/mine_loss", "val/mine_loss"} <= set(titles)


@pytest.mark.slow
def test_model_and_average_both_make_the_criterion_and_the_schedule_goes_on(run):
    for criterion, kind in zip(run.used, run.kinds, strict=True):
        assert isinstance(criterion, DetectionCriterion)
        assert criterion.dual
        assert issubclass(kind, DetectionModel)
    assert run.used[0].updates == 2
    assert run.used[0].heads.o2m < 0.8


@pytest.mark.slow
def test_what_an_interrupted_run_leaves_behind_can_be_saved(run, tmp_path):
    assert type(run.model) is type(run.ema.ema) is DetectionModel
    run.left.model = run.model
    run.left.save(tmp_path / "left.pt")
    kept = YOLO(tmp_path / "left.pt").model.loss_logit_scale["mine"]
    assert kept.item() == pytest.approx(run.model.loss_logit_scale["mine"].item(), abs=1e-3)


@pytest.mark.slow
def test_the_learnable_weight_learns_undecayed_and_is_averaged(run):
    weight = run.model.loss_logit_scale["mine"]
    groups = [group for group in run.optimizer.param_groups if any(p is weight for p in group["params"])]
    assert len(groups) == 1
    assert groups[0]["weight_decay"] == 0
    averaged = run.ema.ema.loss_logit_scale["mine"]
    assert len({weight.item(), averaged.item(), np.log(0.5)}) == 3


@pytest.mark.slow
def test_checkpoints_name_stock_classes_only(run, options):
    """What opens elsewhere: in a process to which this library is unknown, also restricted to known classes."""
    code = (
        "import sys; sys.modules['yolo_course'] = None\n"
        "from ultralytics import YOLO\n"
        f"model = YOLO({str(run.last)!r})\n"
        f"print(model.val(data={options['data']!r}, imgsz=64, workers=0, plots=False, verbose=False,"
        f" project={options['project']!r}, name='elsewhere').box.map50 >= 0)\n"
        "print(type(model.model).__module__, float(model.model.loss_logit_scale['mine']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=200,
        env={**os.environ, "ULTRALYTICS_SAFE_LOAD": "1", "OMP_NUM_THREADS": "1"},
        cwd=run.save_dir,
    )
    assert done.returncode == 0, done.stderr
    *_, true, where = done.stdout.strip().splitlines()
    assert true == "True"
    assert where.split()[0] == "ultralytics.nn.tasks"
    assert float(where.split()[1]) == pytest.approx(run.ema.ema.loss_logit_scale["mine"].item(), abs=1e-3)


@pytest.mark.slow
def test_a_run_is_resumed_with_what_it_had_learnt(run, tmp_path):
    learnt = run.ema.ema.loss_logit_scale["mine"].item()
    begun = {}

    def look(trainer):
        begun.update(
            weight=trainer.model.loss_logit_scale["mine"].item(),
            averaged=trainer.ema.ema.loss_logit_scale["mine"].item(),
            updates=trainer.model.criterion.updates,
            momentum=trainer.optimizer.state[trainer.model.loss_logit_scale["mine"]]["momentum_buffer"].item(),
        )

    folder = tmp_path / "run"
    (folder / "weights").mkdir(parents=True)
    for file in (run.last, run.csv):
        (folder / file.relative_to(run.save_dir)).write_bytes(file.read_bytes())
    model = use_criterion(YOLO(folder / "weights" / "last.pt"), {"mine": mine}, {"mine": Learnable(0.5)})
    model.add_callback("on_train_start", look)
    model.train(resume=True, save_dir=str(folder))
    assert begun["weight"] == begun["averaged"] == pytest.approx(learnt, abs=1e-3)
    assert begun["updates"] == 2
    assert begun["momentum"] != 0
    rows = columns(model.trainer)
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert all(np.isfinite(float(row["val/mine_loss"])) for row in rows)
    best = YOLO(model.trainer.best)
    assert type(best.model) is DetectionModel
    assert best.model.criterion is None


@pytest.mark.slow
def test_a_trainer_with_a_module_of_its_own(options):
    """The way in of errata 003-33; a criterion that the module had made before is not used."""
    module = DetectionModel(ZOO / "pico.yaml", nc=2, verbose=False)
    module.criterion = "one that was made when nothing was ready"
    trainer = DetectionTrainer(overrides={**options, "model": "pico.yaml", "epochs": 1, "name": "module"})
    trainer.model = module
    assert use_criterion(trainer, {"mine": mine}) is trainer
    before = calls["mine"]
    trainer.train()
    assert "train/mine_loss" in columns(trainer)[0]
    assert calls["mine"] - before == 2 + 1, "once a batch of 4 in training, once the batch of 8 in validation"


@pytest.mark.slow
def test_a_class_of_trainers_with_a_teacher_that_stays_out(options):
    """A term that holds a teacher: it is not trained, not averaged and not saved (errata 003-38)."""
    teacher = Teacher(DetectionModel(ZOO / "pico.yaml", nc=2, verbose=False))
    before = copy.deepcopy(teacher._model.state_dict())

    class Distil:
        def __call__(self, predictions, targets, assignment):
            said = teacher(targets.batch["img"])[1]["scores"].transpose(1, 2)  # (B, C, A) -> (B, A, C)
            return logit_distillation(predictions.logits, said)

    trainer = use_criterion(DetectionTrainer, {"distil": Distil()})
    model = YOLO(ZOO / "pico.yaml")
    model.train(trainer=trainer, **options, epochs=1, name="teacher")
    assert issubclass(trainer, DetectionTrainer)
    student = model.trainer
    plain = DetectionModel(ZOO / "pico.yaml", nc=2, verbose=False)
    assert sum(len(group["params"]) for group in student.optimizer.param_groups) == len(list(plain.parameters()))
    assert not teacher._model.training
    assert all(torch.equal(value, before[name]) for name, value in teacher._model.state_dict().items())
    weights = sum(p.numel() for p in plain.parameters())
    assert student.best.stat().st_size < 2 * weights * 1.5, "half precision, once"
    assert "val/distil_loss" in columns(student)[0]


@pytest.mark.slow
def test_ultralytics_own_distillation_keeps_its_term_beside_ours(run, dual_yaml, options):
    """There the trained model is a pair, and ours is the student in it."""
    model, before = use_criterion(YOLO(dual_yaml), {"mine": mine}, {"mine": Learnable(0.5)}), calls["mine"]
    model.train(**options, epochs=1, distill_model=str(run.last), name="distilled")
    assert list(model.trainer.loss_names) == [*TERMS, "dis_loss"]
    assert calls["mine"] - before == 2 * (2 + 1), "by two heads, in two batches of training and one of validation"
    assert type(YOLO(model.trainer.best).model) is DetectionModel


@pytest.mark.slow
def test_the_last_call_counts_and_fine_tuning_starts_anew(run, options):
    model = use_criterion(YOLO(run.last), {"mine": mine}, {"mine": Learnable(0.25)})
    use_criterion(model, {"other": mine, "l1": mine, "dfl": None})
    seen = {}
    model.add_callback("on_train_start", lambda trainer: seen.update(had=hasattr(trainer.model, "loss_logit_scale")))
    model.train(**{**options, "pretrained": True}, epochs=1, name="again")
    assert list(model.trainer.loss_names) == ["box_loss", "cls_loss", "other_loss", "l1_loss"]
    assert seen == {"had": False}


@pytest.mark.slow
def test_data_parallel_workers_use_it_too(dual_yaml, options, tmp_path):
    """The script that Ultralytics writes for them, run as one process; the term is known to this process only."""
    code = "def f(predictions, targets, assignment):\n    return predictions.logits.sigmoid().mean()\n"
    exec(code, scope := {"__name__": "__main__"})
    overrides = {**options, "model": str(dual_yaml), "epochs": 1, "name": "worker"}
    trainer = use_criterion(DetectionTrainer, {"mine": scope["f"]}, {"mine": Learnable(0.5)})(overrides=overrides)
    script = generate_ddp_file(trainer)
    try:
        done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=tmp_path, timeout=200)
        assert done.returncode == 0, done.stderr
        assert "train/mine_loss" in columns(trainer)[0]
    finally:
        ddp_cleanup(trainer, script)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: DetectionModel(ZOO / "pico.yaml", verbose=False), "found DetectionModel. Try: a trainer would build"),
        (lambda: nn.Linear(1, 1), "expected a YOLO, a DetectionTrainer or a subclass of it, found Linear"),
        (lambda: YOLO, "found YOLO"),
        (lambda: "yolo11n.yaml", "found str"),
    ],
)
def test_what_does_not_train_is_refused(make, says):
    with pytest.raises(CourseError, match=says):
        use_criterion(make(), {"mine": mine})


def test_only_detectors_take_it(tmp_path):
    with pytest.raises(ModelError, match="only detectors take this criterion"):
        use_criterion(YOLO("yolo11n-cls.yaml"))
    exported = tmp_path / "model.onnx"
    exported.write_bytes(b"")
    with pytest.raises(ModelError, match="only detectors take this criterion"):
        use_criterion(YOLO(exported, task="detect"))


@pytest.mark.slow
def test_a_trainer_of_another_task_says_so_before_it_trains(options):
    trainer = use_criterion(SegmentationTrainer)(overrides={**options, "model": "yolo11n-seg.yaml", "name": "segment"})
    with pytest.raises(ModelError, match="a criterion needs a detector"):
        trainer.train()


@pytest.mark.parametrize(("terms", "weights"), [({"mine": 3}, {}), ({}, {"mine": 1.0})])
def test_mistakes_are_told_before_anything_trains(terms, weights):
    model = YOLO(ZOO / "pico.yaml")
    with pytest.raises(CourseError):
        use_criterion(model, terms, weights)
    assert type(model) is YOLO


def test_nothing_of_it_stays_on_the_classes():
    model = use_criterion(YOLO(ZOO / "pico.yaml"), {"mine": mine})
    assert isinstance(model, YOLO)
    assert type(model) is not YOLO
    assert not hasattr(YOLO, "build_criterion")
    assert not hasattr(DetectionTrainer, "build_criterion")
    assert type(YOLO(ZOO / "pico.yaml")) is YOLO
    assert str(Path(model.model_name).name) == "pico.yaml"
