"""Collate: samples become a batch. Images are stacked; boxes are joined, and `batch_idx` says whose each is."""

import torch


def collate(samples: list[dict]) -> dict:
    """Make one batch of the samples of a `DetectionDataset`, as `YOLODataset.collate_fn` does.

    Images may show any number of objects, so boxes can't be stacked: those of all images form one long table.

    Args:
        samples: One dictionary an image, all with the same keys.

    Shape:
        - img: n of (3, h, w) become (n, 3, h, w)
        - cls: n of (objects, 1) become (all objects, 1); bboxes likewise (all objects, 4)
        - batch_idx: (all objects,) float32, the place of the object's image in the batch
        - anything else: a tuple of n

    Example:
        >>> loader = DataLoader(DetectionDataset("shapes.yaml"), batch_size=16, collate_fn=collate)  # doctest: +SKIP
    """
    batch = {key: tuple(sample[key] for sample in samples) for key in sorted(samples[0])}
    owners = [torch.full((len(classes),), float(number)) for number, classes in enumerate(batch["cls"])]
    return batch | {
        "img": torch.stack(batch["img"]),  # n of (3, h, w) -> (n, 3, h, w)
        "cls": torch.cat(batch["cls"]),  # n of (objects, 1) -> (all objects, 1)
        "bboxes": torch.cat(batch["bboxes"]),  # n of (objects, 4) -> (all objects, 4)
        "batch_idx": torch.cat(owners),  # n of (objects,) -> (all objects,)
    }
