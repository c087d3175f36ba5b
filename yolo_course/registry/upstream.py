"""Every internal of Ultralytics that this library relies on, room by room, and how to see that one has changed.

A name stands with the signature measured on 8.4.190; `ATTRIBUTE` marks a plain attribute. A room that comes to rely on
another internal adds it here: an upgrade then fails in this file, in words, and not in the middle of a training run.
"""

import inspect
from importlib import import_module

VERSION = "8.4.190"
ATTRIBUTE = "attribute"

EXPECTED = {
    "registry": {
        "nn.tasks:parse_model": "(d, ch, verbose=True)",
        "nn.tasks:torch_safe_load": "(weight, safe_only=None)",
        "nn.tasks:load_checkpoint": "(weight, device=None, inplace=True, fuse=False)",
        "nn.tasks:SAFE_LOAD": ATTRIBUTE,
        "nn.tasks:_initialize_yolo_model": "(model, cfg, ch, nc, verbose)",
        "nn.modules.conv:Conv": "(c1, c2, k=1, s=1, p=None, g=1, d=1, act=True)",
        "nn.modules.conv:Conv.default_act": ATTRIBUTE,
        "nn.modules.conv:Concat": "(dimension=1)",
        "nn.modules.block:ImagePoolingAttn": ATTRIBUTE,
        "nn.modules.block:C2fAttn": ATTRIBUTE,
        "nn.modules.head:RTDETRDecoder": ATTRIBUTE,
        "nn.modules.head:WorldDetect": ATTRIBUTE,
        "nn.modules.head:YOLOEDetect": ATTRIBUTE,
        "nn.modules.block:C3k2": "(c1, c2, n=1, c3k=False, e=0.5, attn=False, g=1, shortcut=True)",
        "nn.modules.block:A2C2f": ATTRIBUTE,
        "nn.modules.block:C2fCIB": ATTRIBUTE,
        "nn.modules.head:Detect.legacy": ATTRIBUTE,
        "utils:LOGGER": ATTRIBUTE,
        "utils.callbacks.base:default_callbacks": ATTRIBUTE,
        "utils.callbacks.base:get_default_callbacks": "()",
        "utils.dist:generate_ddp_file": "(trainer)",
        "cfg:entrypoint": "(debug='')",
    },
    "blocks": {
        "nn.modules.block:Bottleneck": "(c1, c2, shortcut=True, g=1, k=(3, 3), e=0.5)",
        "nn.modules.conv:DWConv": "(c1, c2, k=1, s=1, d=1, act=True)",
    },
    "models": {
        "nn.tasks:DetectionModel": "(cfg='yolo26n.yaml', ch=3, nc=None, verbose=True)",
        "nn.tasks:BaseModel": ATTRIBUTE,
        "nn.tasks:BaseModel.forward": "(self, x, *args, **kwargs)",
        "nn.tasks:BaseModel.predict": "(self, x, profile=False, augment=False, embed=None)",
        "nn.tasks:BaseModel._predict_once": "(self, x, profile=False, embed=None)",
        "nn.tasks:BaseModel.fuse": "(self, verbose=True, imgsz=640)",
        "nn.tasks:BaseModel.load": "(self, weights, verbose=True)",
        "nn.tasks:yaml_model_load": "(path)",
        "nn.tasks:guess_model_task": "(model)",
        "nn.tasks:guess_model_scale": "(model_path)",
        "nn.modules.head:Detect": "(nc=80, reg_max=16, end2end=False, ch=())",
        "nn.modules.head:Detect.forward": "(self, x)",
        "nn.modules.head:Detect.forward_head": "(self, x, box_head=None, cls_head=None)",
        "nn.modules.head:Detect.bias_init": "(self)",
        "engine.model:Model": "(model='yolo26n.pt', task=None, verbose=False)",
        "engine.model:Model.task_map": ATTRIBUTE,
        "engine.model:yaml_model_load": "(path)",
        "engine.model:Model.load": "(self, weights='yolo26n.pt')",
    },
    "losses": {
        "nn.tasks:BaseModel.loss": "(self, batch, preds=None)",
        "nn.tasks:BaseModel.init_criterion": "(self)",
        "nn.tasks:DetectionModel.init_criterion": "(self)",
        "utils.loss:v8DetectionLoss": "(model, tal_topk=10, tal_topk2=None)",
        "utils.loss:v8DetectionLoss.__call__": "(self, preds, batch)",
        "utils.loss:v8DetectionLoss.loss": "(self, preds, batch)",
        "utils.loss:v8DetectionLoss.get_assigned_targets_and_loss": "(self, preds, batch, **assign_kwargs)",
        "utils.loss:v8DetectionLoss.preprocess": "(self, targets, batch_size, scale_tensor)",
        "utils.loss:v8DetectionLoss.bbox_decode": "(self, anchor_points, pred_dist)",
        "utils.loss:v8DetectionLoss.parse_output": "(self, preds)",
        "utils.loss:E2ELoss": "(model, loss_fn=…)",
        "utils.loss:E2ELoss.__call__": "(self, preds, batch)",
        "utils.loss:E2ELoss.update": "(self)",
        "utils.metrics:bbox_iou": "(box1, box2, xywh=True, GIoU=False, DIoU=False, CIoU=False, eps=1e-07)",
        "utils.tal:make_anchors": "(feats, strides, grid_cell_offset=0.5)",
        "utils.tal:TaskAlignedAssigner": (
            "(topk=13, num_classes=80, alpha=1.0, beta=6.0, stride=None, eps=1e-09, topk2=None)"
        ),
        "utils.tal:TaskAlignedAssigner.forward": (
            "(self, pd_scores, pd_bboxes, anc_points, gt_labels, gt_bboxes, mask_gt, **extra)"
        ),
        "utils:IterableSimpleNamespace": ATTRIBUTE,
    },
    "train": {
        "data.augment:Format": (
            "(bbox_format='xywh', normalize=True, return_mask=False, return_keypoint=False, return_obb=False, "
            "mask_ratio=4, mask_overlap=True, batch_idx=True, bgr=0.0)"
        ),
        "data.augment:Compose": "(transforms)",
        "data.augment:BaseTransform": "()",
        "data.augment:BaseTransform.__call__": "(self, labels)",
        "data.build:InfiniteDataLoader": "(*args, **kwargs)",
        "data.dataset:YOLODataset.close_mosaic": "(self, hyp)",
        "utils.instance:Instances": "(bboxes, segments=None, keypoints=None, bbox_format='xywh', normalized=True)",
        "utils.instance:Instances.convert_bbox": "(self, format)",
        "utils.instance:Instances.denormalize": "(self, w, h)",
        "engine.trainer:BaseTrainer._build_train_pipeline": "(self)",
        "engine.trainer:BaseTrainer": "(cfg=…, overrides=None, _callbacks=None)",
        "engine.trainer:BaseTrainer.add_callback": "(self, event, callback)",
        "engine.trainer:BaseTrainer.get_model": "(self, cfg=None, weights=None, verbose=True)",
        "engine.trainer:BaseTrainer.get_validator": "(self)",
        "engine.trainer:BaseTrainer.build_dataset": "(self, img_path, mode='train', batch=None)",
        "engine.trainer:BaseTrainer.get_dataloader": "(self, dataset_path, batch_size=16, rank=0, mode='train')",
        "engine.trainer:BaseTrainer.preprocess_batch": "(self, batch)",
        "engine.trainer:BaseTrainer.optimizer_step": "(self)",
        "engine.trainer:BaseTrainer.build_optimizer": (
            "(self, model, name='auto', lr=0.001, momentum=0.9, decay=1e-05, iterations=100000.0)"
        ),
        "engine.trainer:BaseTrainer._setup_scheduler": "(self)",
        "engine.trainer:BaseTrainer.set_model_attributes": "(self)",
        "engine.trainer:BaseTrainer.progress_string": "(self)",
        "engine.trainer:BaseTrainer.label_loss_items": "(self, loss_items=None, prefix='train')",
        "engine.trainer:BaseTrainer.save_metrics": "(self, metrics)",
        "engine.trainer:BaseTrainer.train": "(self)",
        "engine.trainer:BaseTrainer.setup_model": "(self)",
        "utils.torch_utils:unwrap_model": "(m)",
        "engine.trainer:BaseTrainer.save_model": "(self)",
        "models.yolo.detect.train:DetectionTrainer": "(cfg=…, overrides=None, _callbacks=None)",
        "models.yolo.detect.train:DetectionTrainer.get_model": "(self, cfg=None, weights=None, verbose=True)",
        "models.yolo.detect.train:DetectionTrainer.build_dataset": "(self, img_path, mode='train', batch=None)",
        "models.yolo.detect.val:DetectionValidator": "(dataloader=None, save_dir=None, args=None, _callbacks=None)",
        "engine.model:Model.train": "(self, trainer=None, **kwargs)",
        "engine.model:Model._smart_load": "(self, key)",
        "engine.model:Model.val": "(self, validator=None, **kwargs)",
        "engine.model:Model.predict": "(self, source=None, stream=False, predictor=None, **kwargs)",
        "engine.model:Model.add_callback": "(self, event, func)",
        "data.augment:Mosaic": "(dataset, imgsz=640, p=1.0, n=4)",
        "utils:DEFAULT_CFG_DICT": ATTRIBUTE,
        "cfg:get_cfg": "(cfg=…, overrides=None)",
        "data.build:build_yolo_dataset": (
            "(cfg, img_path, batch, data, mode='train', rect=False, stride=32, multi_modal=False, fraction=None)"
        ),
        "data.dataset:YOLODataset": "(*args, data, task='detect', **kwargs)",
        "data.dataset:YOLODataset.build_transforms": "(self, hyp)",
        "data.augment:v8_transforms": "(dataset, imgsz, hyp)",
        "data.utils:check_det_dataset": "(dataset, autodownload=True, split='')",
    },
    "cli": {"utils:USER_CONFIG_DIR": ATTRIBUTE},
}


def drift() -> list[str]:
    """Compare the installed Ultralytics with `EXPECTED`.

    Returns:
        One sentence for each difference; an empty list when nothing has changed.
    """
    try:
        installed = import_module("ultralytics").__version__
    except ImportError as error:
        return [f"Ultralytics cannot be imported: {error}."]
    return [
        f"The {room} room relies on {name.replace(':', '.')} of Ultralytics {VERSION}: {difference} in {installed}."
        for room, names in EXPECTED.items()
        for name, expected in names.items()
        if (difference := _difference(name, expected))
    ]


def _difference(name: str, expected: str) -> str:
    """What has become of a `module:qualified.name`, in words; empty when it is as expected."""
    module, _, path = name.partition(":")
    try:
        found = import_module(f"ultralytics.{module}")
        for attribute in path.split("."):
            found = getattr(found, attribute)
    except (ImportError, AttributeError) as error:
        return f"it is missing ({error})"
    except Exception as error:  # importing Ultralytics also imports our blocks, which may no longer fit
        return f"importing it fails ({type(error).__name__}: {error})"
    if expected == ATTRIBUTE:
        return ""
    signature = signature_of(found) if callable(found) else "no call at all"
    return "" if signature == expected else f"expected {expected}, found {signature}"


def signature_of(function: object) -> str:
    """A signature without annotations; a default that is not a plain value is written as an ellipsis."""
    parameters = []
    for parameter in inspect.signature(function).parameters.values():
        default = parameter.default
        plain = default is inspect.Parameter.empty or isinstance(default, (str, int, float, tuple, type(None)))
        parameters.append(
            parameter.replace(annotation=inspect.Parameter.empty, default=default if plain else _ELLIPSIS)
        )
    return str(inspect.Signature(parameters))


class _Ellipsis:
    def __repr__(self) -> str:
        return "…"


_ELLIPSIS = _Ellipsis()
