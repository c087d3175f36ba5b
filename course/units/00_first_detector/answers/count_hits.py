# %% right="crosses out columns of an IoU table"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    overlap[predicted[:, 5, None] != truth[None, :, 0]] = -1
    hits = 0
    for row in predicted[:, 4].argsort(descending=True):
        if len(truth) and overlap[row].max() >= iou:
            overlap[:, overlap[row].argmax()] = -1
            hits += 1
    return hits, len(predicted) - hits, len(truth) - hits


# %% right="plain Python, one class at a time"
def count_hits(predicted, truth, iou=0.5):
    def share(p, q):
        width, height = min(p[2], q[2]) - max(p[0], q[0]), min(p[3], q[3]) - max(p[1], q[1])
        shared = max(width, 0) * max(height, 0)
        return shared / ((p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1]) - shared)

    hits = 0
    for wanted in {row[0] for row in truth.tolist()}:
        free = [row for row in truth.tolist() if row[0] == wanted]
        for guess in sorted((row for row in predicted.tolist() if row[5] == wanted), key=lambda row: -row[4]):
            free.sort(key=lambda row: share(guess, row[1:]))
            if free and share(guess, free[-1][1:]) >= iou:
                free.pop()
                hits += 1
    return hits, len(predicted) - hits, len(truth) - hits


# %% right="sorts all pairs by score, then by overlap"
import itertools


def count_hits(predicted, truth, iou=0.5):
    overlap = torchvision.ops.box_iou(predicted[:, :4], truth[:, 1:])
    pairs = [
        (-predicted[row, 4].item(), row, -overlap[row, column].item(), column)
        for row, column in itertools.product(range(len(predicted)), range(len(truth)))
        if overlap[row, column] >= iou and predicted[row, 5] == truth[column, 0]
    ]
    rows, columns = set(), set()
    for _, row, _, column in sorted(pairs):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
    return torch.tensor([len(rows), len(predicted) - len(rows), len(truth) - len(columns)])


# %% wrong="lets every box on a shape count" hint="twice"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    same = predicted[:, 5, None] == truth[None, :, 0]
    hits = int(((overlap >= iou) & same).any(1).sum())
    return hits, len(predicted) - hits, max(len(truth) - hits, 0)


# %% wrong="looks at places alone" hint="wrong class"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    hits = 0
    for row in predicted[:, 4].argsort(descending=True):
        if len(truth) and overlap[row].max() >= iou:
            overlap[:, overlap[row].argmax()] = -1
            hits += 1
    return hits, len(predicted) - hits, len(truth) - hits


# %% wrong="asks for the class after choosing the box" hint="of another class"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    hits = 0
    for row in predicted[:, 4].argsort(descending=True):
        if len(truth) and overlap[row].max() >= iou:
            best = overlap[row].argmax()
            overlap[:, best] = -1
            hits += int(predicted[row, 5] == truth[best, 0])
    return hits, len(predicted) - hits, len(truth) - hits


# %% wrong="takes predictions as they come" hint="order of the rows"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    overlap[predicted[:, 5, None] != truth[None, :, 0]] = -1
    hits = 0
    for row in range(len(predicted)):
        if len(truth) and overlap[row].max() >= iou:
            overlap[:, overlap[row].argmax()] = -1
            hits += 1
    return hits, len(predicted) - hits, len(truth) - hits


# %% wrong="sorts the other way round" hint="least certain box chose first"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    overlap[predicted[:, 5, None] != truth[None, :, 0]] = -1
    hits = 0
    for row in predicted[:, 4].argsort():
        if len(truth) and overlap[row].max() >= iou:
            overlap[:, overlap[row].argmax()] = -1
            hits += 1
    return hits, len(predicted) - hits, len(truth) - hits


# %% wrong="gives up when the best box is taken" hint="still free"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    overlap[predicted[:, 5, None] != truth[None, :, 0]] = -1
    taken = set()
    for row in predicted[:, 4].argsort(descending=True):
        if len(truth) and overlap[row].max() >= iou:
            taken.add(int(overlap[row].argmax()))
    return len(taken), len(predicted) - len(taken), len(truth) - len(taken)


# %% wrong="takes the first box that is good enough" hint="overlaps most"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    overlap[predicted[:, 5, None] != truth[None, :, 0]] = -1
    hits = 0
    for row in predicted[:, 4].argsort(descending=True):
        good = (overlap[row] >= iou).nonzero()
        if len(good):
            overlap[:, good[0, 0]] = -1
            hits += 1
    return hits, len(predicted) - hits, len(truth) - hits


# %% wrong="leaves the threshold itself out" hint="exactly"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    overlap[predicted[:, 5, None] != truth[None, :, 0]] = -1
    hits = 0
    for row in predicted[:, 4].argsort(descending=True):
        if len(truth) and overlap[row].max() > iou:
            overlap[:, overlap[row].argmax()] = -1
            hits += 1
    return hits, len(predicted) - hits, len(truth) - hits


# %% wrong="swaps misses and false alarms" hint="order of the three"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    overlap[predicted[:, 5, None] != truth[None, :, 0]] = -1
    hits = 0
    for row in predicted[:, 4].argsort(descending=True):
        if len(truth) and overlap[row].max() >= iou:
            overlap[:, overlap[row].argmax()] = -1
            hits += 1
    return hits, len(truth) - hits, len(predicted) - hits


# %% wrong="has its own threshold" hint="ignores `iou`"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    overlap[predicted[:, 5, None] != truth[None, :, 0]] = -1
    hits = 0
    for row in predicted[:, 4].argsort(descending=True):
        if len(truth) and overlap[row].max() >= 0.5:
            overlap[:, overlap[row].argmax()] = -1
            hits += 1
    return hits, len(predicted) - hits, len(truth) - hits


# %% wrong="crashes on an image without shapes" hint="IndexError" outcome="raised"
def count_hits(predicted, truth, iou=0.5):
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    overlap[predicted[:, 5, None] != truth[None, :, 0]] = -1
    hits = 0
    for row in predicted[:, 4].argsort(descending=True):
        value, best = overlap[row].max(0)
        if value >= iou:
            overlap[:, best] = -1
            hits += 1
    return hits, len(predicted) - hits, len(truth) - hits


# %% wrong="says nothing when nothing was predicted" hint="without a single prediction"
def count_hits(predicted, truth, iou=0.5):
    if not len(predicted) or not len(truth):
        return 0, len(predicted), 0
    overlap = yolo_course.boxes.pairwise_iou(predicted[:, :4], truth[:, 1:])
    overlap[predicted[:, 5, None] != truth[None, :, 0]] = -1
    hits = 0
    for row in predicted[:, 4].argsort(descending=True):
        if overlap[row].max() >= iou:
            overlap[:, overlap[row].argmax()] = -1
            hits += 1
    return hits, len(predicted) - hits, len(truth) - hits
