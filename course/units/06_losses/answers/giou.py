# %% right="number by number, in one formula"
def giou(a, b):
    (l1, t1, r1, b1), (l2, t2, r2, b2) = a.unbind(-1), b.unbind(-1)
    shared = (torch.min(r1, r2) - torch.max(l1, l2)).clamp(0) * (torch.min(b1, b2) - torch.max(t1, t2)).clamp(0)
    union = (r1 - l1) * (b1 - t1) + (r2 - l2) * (b2 - t2) - shared
    around = (torch.max(r1, r2) - torch.min(l1, l2)) * (torch.max(b1, b2) - torch.min(t1, t2))
    return shared / (union + 1e-9) + union / (around + 1e-9) - 1 + (around == 0)


# %% right="divides by a safe denominator"
def giou(a, b):
    def area(box):
        return (box[..., 2] - box[..., 0]).relu() * (box[..., 3] - box[..., 1]).relu()

    def safe(whole):
        return torch.where(whole > 0, whole, torch.ones_like(whole))

    inner = torch.cat((torch.maximum(a, b)[..., :2], torch.minimum(a, b)[..., 2:]), -1)
    outer = torch.cat((torch.minimum(a, b)[..., :2], torch.maximum(a, b)[..., 2:]), -1)
    union = area(a) + area(b) - area(inner)
    return area(inner) / safe(union) - (area(outer) - union) / safe(area(outer))


# %% right="stacks both boxes and reduces"
def giou(a, b):
    both = torch.stack((a, b))
    start, end = both[..., :2], both[..., 2:]
    shared = torch.clamp(end.amin(0) - start.amax(0), min=0).prod(-1)
    around = (end.amax(0) - start.amin(0)).prod(-1)
    union = (end - start).prod(-1).sum(0) - shared
    return shared / union.clamp(min=1e-7) - 1 + (union / around.clamp(min=1e-7)).where(around > 0, 1)


# %% wrong="calls the library" hint="a library's own GIoU"
def giou(a, b):
    return torchvision.ops.generalized_box_iou(a, b).diagonal()


# %% wrong="each with each" hint="compared with all others"
def giou(a, b):
    a, b = a[:, None], b[None]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / (union + 1e-7) - (around - union) / (around + 1e-7)


# %% wrong="averages" hint="nothing is to be averaged"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return (overlap / (union + 1e-7) - (around - union) / (around + 1e-7)).mean()


# %% wrong="keeps the two sides apart" hint="five scores must come out"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0)
    union = (a[..., 2:] - a[..., :2]) + (b[..., 2:] - b[..., :2]) - overlap
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    return overlap / (union + 1e-7) - (around - union) / (around + 1e-7)


# %% wrong="stops at IoU" hint="the empty part does not count"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    return overlap / (union + 1e-7)


# %% wrong="forgets the clamp" hint="you find something that they share"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / (union + 1e-7) - (around - union) / (around + 1e-7)


# %% wrong="divides by the union" hint="a score below -1"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / (union + 1e-7) - (around - union) / (union + 1e-7)


# %% wrong="adds the penalty" hint="raises the score"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / (union + 1e-7) + (around - union) / (around + 1e-7)


# %% wrong="nothing around is filled" hint="is taken for empty"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / (union + 1e-7) - (around - overlap) / (around + 1e-7)


# %% wrong="gives the loss" hint="a loss came out"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return 1 - (overlap / (union + 1e-7) - (around - union) / (around + 1e-7))


# %% wrong="swaps maximum and minimum around" hint="do not touch, and their score"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / (union + 1e-7) - (around - union) / (around + 1e-7)


# %% wrong="counts the shared part twice" hint="counted twice in the union"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1)
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / (union + 1e-7) - (around - union) / (around + 1e-7)


# %% wrong="counts pixels from edge to edge" hint="overlap in a corner, and their score"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return (overlap + (overlap > 0)) / (union + 1e-7) - (around - union) / (around + 1e-7)


# %% wrong="divides by zero" hint="give NaN: 0 is divided by 0"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / union - (around - union) / around


# %% wrong="mends NaN afterwards" hint="is finite, but its gradient is not"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return torch.nan_to_num(overlap / union - (around - union) / around)


# %% wrong="guards with a whole pixel" hint="smaller than a pixel"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / union.clamp(min=1) - (around - union) / around.clamp(min=1)


# %% wrong="rounds to float32" hint="float64 boxes must give a float64 score"
def giou(a, b):
    a, b = a.float(), b.float()
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / (union + 1e-7) - (around - union) / (around + 1e-7)


# %% wrong="takes the columns of a table" hint="must come out again"
def giou(a, b):
    a, b = a.reshape(-1, 4), b.reshape(-1, 4)
    overlap = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0).prod(-1)
    union = (a[:, 2:] - a[:, :2]).prod(-1) + (b[:, 2:] - b[:, :2]).prod(-1) - overlap
    around = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(-1)
    return overlap / (union + 1e-7) - (around - union) / (around + 1e-7)


# %% wrong="holds the box around both constant" hint="the score is right and its gradient is not"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1).detach()
    return overlap / (union + 1e-7) - (around - union) / (around + 1e-7)


# %% wrong="adds a thousandth" hint="two equal boxes score nearly 1"
def giou(a, b):
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / (union + 1e-3) - (around - union) / (around + 1e-3)


# %% wrong="computes without a graph" hint="cut off from the graph"
def giou(a, b):
    scores = []
    for (l1, t1, r1, b1), (l2, t2, r2, b2) in zip(a.reshape(-1, 4).tolist(), b.reshape(-1, 4).tolist(), strict=True):
        shared = max(min(r1, r2) - max(l1, l2), 0) * max(min(b1, b2) - max(t1, t2), 0)
        union = (r1 - l1) * (b1 - t1) + (r2 - l2) * (b2 - t2) - shared
        around = (max(r1, r2) - min(l1, l2)) * (max(b1, b2) - min(t1, t2))
        scores.append(shared / (union + 1e-7) - (around - union) / (around + 1e-7))
    return torch.tensor(scores, dtype=a.dtype).reshape(a.shape[:-1])
