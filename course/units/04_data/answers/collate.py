# %% right="builds the batch key by key"
def collate(samples):
    images, classes, boxes, owners = [], [], [], []
    for place, sample in enumerate(samples):
        images.append(sample["img"][None])
        classes.append(sample["cls"])
        boxes.append(sample["bboxes"])
        owners += [place] * len(sample["bboxes"])
    return {
        "img": torch.cat(images),
        "cls": torch.cat(classes),
        "bboxes": torch.cat(boxes),
        "batch_idx": torch.tensor(owners, dtype=torch.float32),
    }


# %% right="repeat_interleave"
def collate(samples):
    batch = {key: [sample[key] for sample in samples] for key in ("img", "cls", "bboxes")}
    counts = torch.tensor([len(rows) for rows in batch["cls"]])
    batch["img"] = torch.stack(batch["img"])
    batch["cls"], batch["bboxes"] = torch.vstack(batch["cls"]), torch.vstack(batch["bboxes"])
    batch["batch_idx"] = torch.arange(len(samples)).repeat_interleave(counts)
    return batch


# %% wrong="stacks the boxes" hint="stack expects each tensor to be equal size" outcome="raised"
def collate(samples):
    return {key: torch.stack([sample[key] for sample in samples]) for key in ("img", "cls", "bboxes")} | {
        "batch_idx": 0
    }


# %% wrong="leaves lists" hint="a network wants one tensor"
def collate(samples):
    batch = {key: [sample[key] for sample in samples] for key in ("img", "cls", "bboxes")}
    return batch | {"batch_idx": [place for place, sample in enumerate(samples) for _ in sample["cls"]]}


# %% wrong="leaves a list of boxes" hint="one long table was asked for"
def collate(samples):
    batch = {key: [sample[key] for sample in samples] for key in ("cls", "bboxes")}
    batch["img"] = torch.stack([sample["img"] for sample in samples])
    return batch | {"batch_idx": [place for place, sample in enumerate(samples) for _ in sample["cls"]]}


# %% wrong="joins the pictures along the channels" hint="along the channels"
def collate(samples):
    batch = {key: torch.cat([sample[key] for sample in samples]) for key in ("img", "cls", "bboxes")}
    return batch | {"batch_idx": torch.tensor([place for place, s in enumerate(samples) for _ in s["cls"]])}


# %% wrong="divides by 255 already" hint="and then a second time"
def collate(samples):
    owners = [torch.full((len(sample["cls"]),), float(place)) for place, sample in enumerate(samples)]
    return {
        "img": torch.stack([sample["img"] for sample in samples]) / 255,
        "cls": torch.cat([sample["cls"] for sample in samples]),
        "bboxes": torch.cat([sample["bboxes"] for sample in samples]),
        "batch_idx": torch.cat(owners),
    }


# %% wrong="forgets whose the boxes are" hint="the batch has no `batch_idx`"
def collate(samples):
    return {
        "img": torch.stack([sample["img"] for sample in samples]),
        "cls": torch.cat([sample["cls"] for sample in samples]),
        "bboxes": torch.cat([sample["bboxes"] for sample in samples]),
    }


# %% wrong="counts boxes" hint="batch_idx counts boxes"
def collate(samples):
    boxes = torch.cat([sample["bboxes"] for sample in samples])
    return {
        "img": torch.stack([sample["img"] for sample in samples]),
        "cls": torch.cat([sample["cls"] for sample in samples]),
        "bboxes": boxes,
        "batch_idx": torch.arange(len(boxes)),
    }


# %% wrong="counts within each picture" hint="within each picture"
def collate(samples):
    return {
        "img": torch.stack([sample["img"] for sample in samples]),
        "cls": torch.cat([sample["cls"] for sample in samples]),
        "bboxes": torch.cat([sample["bboxes"] for sample in samples]),
        "batch_idx": torch.cat([torch.arange(len(sample["cls"])) for sample in samples]),
    }


# %% wrong="leaves what each picture thinks of itself" hint="of the first picture"
def collate(samples):
    return {
        "img": torch.stack([sample["img"] for sample in samples]),
        "cls": torch.cat([sample["cls"] for sample in samples]),
        "bboxes": torch.cat([sample["bboxes"] for sample in samples]),
        "batch_idx": torch.cat([torch.zeros(len(sample["cls"])) for sample in samples]),
    }


# %% wrong="counts pictures from 1" hint="the first picture of a batch is number 0"
def collate(samples):
    owners = [torch.full((len(sample["cls"]),), float(place)) for place, sample in enumerate(samples, 1)]
    return {
        "img": torch.stack([sample["img"] for sample in samples]),
        "cls": torch.cat([sample["cls"] for sample in samples]),
        "bboxes": torch.cat([sample["bboxes"] for sample in samples]),
        "batch_idx": torch.cat(owners),
    }


# %% wrong="flattens the classes" hint="cls keeps its second dimension"
def collate(samples):
    owners = [torch.full((len(sample["cls"]),), float(place)) for place, sample in enumerate(samples)]
    return {
        "img": torch.stack([sample["img"] for sample in samples]),
        "cls": torch.cat([sample["cls"] for sample in samples]).flatten(),
        "bboxes": torch.cat([sample["bboxes"] for sample in samples]),
        "batch_idx": torch.cat(owners),
    }


# %% wrong="gives batch_idx a second dimension" hint="and no second dimension"
def collate(samples):
    owners = [torch.full((len(sample["cls"]), 1), float(place)) for place, sample in enumerate(samples)]
    return {
        "img": torch.stack([sample["img"] for sample in samples]),
        "cls": torch.cat([sample["cls"] for sample in samples]),
        "bboxes": torch.cat([sample["bboxes"] for sample in samples]),
        "batch_idx": torch.cat(owners),
    }


# %% wrong="drops pictures without boxes" hint="the picture without boxes has vanished"
def collate(samples):
    samples = [sample for sample in samples if len(sample["cls"])]
    owners = [torch.full((len(sample["cls"]),), float(place)) for place, sample in enumerate(samples)]
    return {
        "img": torch.stack([sample["img"] for sample in samples]),
        "cls": torch.cat([sample["cls"] for sample in samples]),
        "bboxes": torch.cat([sample["bboxes"] for sample in samples]),
        "batch_idx": torch.cat(owners),
    }


# %% wrong="does not count pictures without boxes" hint="boxes moved to a neighbour"
def collate(samples):
    labelled = [sample for sample in samples if len(sample["cls"])]
    owners = [torch.full((len(sample["cls"]),), float(place)) for place, sample in enumerate(labelled)]
    return {
        "img": torch.stack([sample["img"] for sample in samples]),
        "cls": torch.cat([sample["cls"] for sample in samples]),
        "bboxes": torch.cat([sample["bboxes"] for sample in samples]),
        "batch_idx": torch.cat(owners),
    }
