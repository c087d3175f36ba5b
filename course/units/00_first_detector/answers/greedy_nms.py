# %% right="crosses out with one table of overlaps"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    clash = yolo_course.boxes.pairwise_iou(boxes, boxes) > iou
    if classes is not None:
        clash &= classes[:, None] == classes[None]
    alive, kept = torch.ones(len(boxes), dtype=torch.bool), []
    for index in scores.argsort(descending=True).tolist():
        if alive[index]:
            kept.append(index)
            alive &= ~clash[index]
    return torch.tensor(kept, dtype=torch.long)


# %% right="moves each class to a place of its own"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    if not len(boxes):
        return torch.zeros(0, dtype=torch.long)
    if classes is not None:
        boxes = boxes.double() + classes.double()[:, None] * (boxes.max() - boxes.min() + 1)
    queue, kept = scores.argsort(descending=True), []
    while len(queue):
        kept.append(queue[0])
        rivals = yolo_course.boxes.pairwise_iou(boxes[queue[:1]], boxes[queue[1:]])[0]
        queue = queue[1:][rivals <= iou]
    return torch.stack(kept)


# %% right="asks every box whether a kept one stands in its way"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    def share(p, q):
        width, height = min(p[2], q[2]) - max(p[0], q[0]), min(p[3], q[3]) - max(p[1], q[1])
        shared = max(width, 0) * max(height, 0)
        return shared / ((p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1]) - shared)

    rows, kinds = boxes.tolist(), [0] * len(boxes) if classes is None else classes.tolist()
    kept = []
    for index in sorted(range(len(rows)), key=lambda i: -scores[i]):
        if not any(kinds[index] == kinds[other] and share(rows[index], rows[other]) > iou for other in kept):
            kept.append(index)
    return kept


# %% wrong="lets a removed box remove others" hint="already gone"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    order = scores.argsort(descending=True)
    clash = yolo_course.boxes.pairwise_iou(boxes[order], boxes[order]) > iou
    if classes is not None:
        clash &= classes[order][:, None] == classes[order][None]
    return order[~clash.triu(1).any(0)]


# %% wrong="keeps the least certain box" hint="least certain"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    queue, kept = scores.argsort(), []
    while len(queue):
        kept.append(int(queue[0]))
        rest = queue[1:]
        queue = rest[yolo_course.boxes.pairwise_iou(boxes[queue[:1]], boxes[rest])[0] <= iou]
    return torch.tensor(kept, dtype=torch.long)


# %% wrong="takes the boxes as they come" hint="without a look at the scores"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    kept = []
    for index in range(len(boxes)):
        if not kept or yolo_course.boxes.pairwise_iou(boxes[index][None], boxes[kept]).max() <= iou:
            kept.append(index)
    return torch.tensor(kept, dtype=torch.long)


# %% wrong="counts places in the sorted list" hint="sorted list"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    order = scores.argsort(descending=True)
    kept = []
    for place, index in enumerate(order):
        if not kept or yolo_course.boxes.pairwise_iou(boxes[index][None], boxes[order[kept]]).max() <= iou:
            kept.append(place)
    return torch.tensor(kept, dtype=torch.long)


# %% wrong="gives a mask" hint="True and False"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    alive = torch.ones(len(boxes), dtype=torch.bool)
    overlap = yolo_course.boxes.pairwise_iou(boxes, boxes)
    for index in scores.argsort(descending=True):
        if alive[index]:
            alive &= overlap[index] <= iou
            alive[index] = True
    return alive


# %% wrong="gives the boxes themselves" hint="not the boxes"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    alive = torch.ones(len(boxes), dtype=torch.bool)
    overlap = yolo_course.boxes.pairwise_iou(boxes, boxes)
    for index in scores.argsort(descending=True):
        if alive[index]:
            alive &= overlap[index] <= iou
            alive[index] = True
    return boxes[alive]


# %% wrong="gives the indices in the order of the input" hint="falling score"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    alive = torch.ones(len(boxes), dtype=torch.bool)
    clash = yolo_course.boxes.pairwise_iou(boxes, boxes) > iou
    if classes is not None:
        clash &= classes[:, None] == classes[None]
    for index in scores.argsort(descending=True):
        if alive[index]:
            alive &= ~clash[index]
            alive[index] = True
    return alive.nonzero()[:, 0]


# %% wrong="keeps what overlaps, drops what does not" hint="do not touch"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    queue, kept = scores.argsort(descending=True), []
    while len(queue):
        kept.append(int(queue[0]))
        rest = queue[1:]
        queue = rest[yolo_course.boxes.pairwise_iou(boxes[queue[:1]], boxes[rest])[0] > iou]
    return torch.tensor(kept, dtype=torch.long)


# %% wrong="removes at the threshold too" hint="exactly"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    queue, kept = scores.argsort(descending=True), []
    while len(queue):
        kept.append(int(queue[0]))
        rest = queue[1:]
        clash = yolo_course.boxes.pairwise_iou(boxes[queue[:1]], boxes[rest])[0] >= iou
        if classes is not None:
            clash &= classes[rest] == classes[queue[0]]
        queue = rest[~clash]
    return torch.tensor(kept, dtype=torch.long)


# %% wrong="has its own threshold" hint="ignores `iou`"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    queue, kept = scores.argsort(descending=True), []
    while len(queue):
        kept.append(int(queue[0]))
        rest = queue[1:]
        clash = yolo_course.boxes.pairwise_iou(boxes[queue[:1]], boxes[rest])[0] > 0.5
        if classes is not None:
            clash &= classes[rest] == classes[queue[0]]
        queue = rest[~clash]
    return torch.tensor(kept, dtype=torch.long)


# %% wrong="ignores the classes" hint="another class"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    queue, kept = scores.argsort(descending=True), []
    while len(queue):
        kept.append(int(queue[0]))
        rest = queue[1:]
        queue = rest[yolo_course.boxes.pairwise_iou(boxes[queue[:1]], boxes[rest])[0] <= iou]
    return torch.tensor(kept, dtype=torch.long)


# %% wrong="goes class by class and forgets to sort again" hint="one list for all classes"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    if classes is None:
        classes = torch.zeros(len(boxes))
    kept = []
    for wanted in classes.unique():
        queue = (classes == wanted).nonzero()[:, 0]
        queue = queue[scores[queue].argsort(descending=True)]
        while len(queue):
            kept.append(int(queue[0]))
            rest = queue[1:]
            queue = rest[yolo_course.boxes.pairwise_iou(boxes[queue[:1]], boxes[rest])[0] <= iou]
    return torch.tensor(kept, dtype=torch.long)


# %% wrong="moves the classes too little" hint="large images"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    if classes is not None:
        boxes = boxes + classes[:, None] * 1000
    queue, kept = scores.argsort(descending=True), []
    while len(queue):
        kept.append(int(queue[0]))
        rest = queue[1:]
        queue = rest[yolo_course.boxes.pairwise_iou(boxes[queue[:1]], boxes[rest])[0] <= iou]
    return torch.tensor(kept, dtype=torch.long)


# %% wrong="crashes without boxes" hint="IndexError" outcome="raised"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    queue, kept = scores.argsort(descending=True), []
    while True:
        kept.append(int(queue[0]))
        rest = queue[1:]
        clash = yolo_course.boxes.pairwise_iou(boxes[queue[:1]], boxes[rest])[0] > iou
        if classes is not None:
            clash &= classes[rest] == classes[queue[0]]
        queue = rest[~clash]
        if not len(queue):
            return torch.tensor(kept)


# %% wrong="strikes out scores" hint="changes the scores"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    kept = []
    while len(scores) and scores.max() > 0:
        best = int(scores.argmax())
        kept.append(best)
        clash = yolo_course.boxes.pairwise_iou(boxes[best][None], boxes)[0] > iou
        if classes is not None:
            clash &= classes == classes[best]
        scores[clash] = 0
        scores[best] = 0
    return torch.tensor(kept, dtype=torch.long)


# %% wrong="calls the library" hint="your own"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    if classes is None:
        return torchvision.ops.nms(boxes, scores, iou)
    return torchvision.ops.batched_nms(boxes, scores, classes, iou)


# %% wrong="gives floats when nothing is kept" hint="mind its dtype"
def greedy_nms(boxes, scores, iou=0.5, classes=None):
    clash, kept = yolo_course.boxes.pairwise_iou(boxes, boxes) > iou, []
    if classes is not None:
        clash &= classes[:, None] == classes[None]
    alive = torch.ones(len(boxes), dtype=torch.bool)
    for index in scores.argsort(descending=True).tolist():
        if alive[index]:
            kept.append(index)
            alive &= ~clash[index]
    return torch.tensor(kept)
