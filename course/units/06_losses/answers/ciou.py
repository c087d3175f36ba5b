# %% right="number by number"
def ciou(a, b):
    (l1, t1, r1, b1), (l2, t2, r2, b2) = a.unbind(-1), b.unbind(-1)
    w1, h1, w2, h2 = r1 - l1, b1 - t1, r2 - l2, b2 - t2
    shared = (torch.min(r1, r2) - torch.max(l1, l2)).clamp(0) * (torch.min(b1, b2) - torch.max(t1, t2)).clamp(0)
    score = shared / (w1 * h1 + w2 * h2 - shared + 1e-8)
    far = ((l1 + r1 - l2 - r2) ** 2 + (t1 + b1 - t2 - b2) ** 2) / 4
    diagonal = (torch.max(r1, r2) - torch.min(l1, l2)) ** 2 + (torch.max(b1, b2) - torch.min(t1, t2)) ** 2
    v = 4 / torch.pi**2 * (torch.atan(w2 / (h2 + 1e-8)) - torch.atan(w1 / (h1 + 1e-8))) ** 2
    alpha = (v / (1 - score + v + 1e-8)).detach()
    return score - far / (diagonal + 1e-8) - alpha * v


# %% right="height over width: the difference of the angles is the same"
def ciou(a, b):
    sizes = [(box[..., 2:] - box[..., :2]) for box in (a, b)]
    inside = (torch.minimum(a, b)[..., 2:] - torch.maximum(a, b)[..., :2]).relu().prod(-1)
    score = inside / (sum(size.prod(-1) for size in sizes) - inside).clamp(min=1e-7)
    around = torch.maximum(a, b)[..., 2:] - torch.minimum(a, b)[..., :2]
    between = (a[..., :2] + a[..., 2:]) / 2 - (b[..., :2] + b[..., 2:]) / 2
    distance = (between**2).sum(-1) / (around**2).sum(-1).clamp(min=1e-7)
    first, second = (torch.atan(size[..., 1] / size[..., 0].clamp(min=1e-7)) for size in sizes)
    v = (2 / math.pi * (second - first)) ** 2
    with torch.no_grad():
        alpha = v / (1 - score + v).clamp(min=1e-7)
    return score - distance - alpha * v


# %% right="the angle by atan2, its sides kept off zero"
def ciou(a, b):
    def angle(size):
        width, height = size.clamp(min=1e-7).unbind(-1)
        return torch.atan2(width, height)

    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    shared = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = size_a.prod(-1) + size_b.prod(-1) - shared
    score = shared / union.where(union > 0, 1)
    diagonal = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).square().sum(-1)
    far = ((a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2).square().sum(-1)
    v = 4 / math.pi**2 * (angle(size_a) - angle(size_b)) ** 2
    weight = v.detach() / (1 - score.detach() + v.detach() + 1e-7)
    return score - far / diagonal.where(diagonal > 0, 1) - weight * v


# %% wrong="calls the library" hint="a library's own CIoU"
def ciou(a, b):
    return torchvision.ops.complete_box_iou(a, b).diagonal()


# %% wrong="each with each" hint="compared with all others"
def ciou(a, b):
    eps = 1e-7
    a, b = a[:, None], b[None]
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="averages" hint="nothing is to be averaged"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return (score - distance - alpha * v).mean()


# %% wrong="forgets to sum the squares" hint="five scores must come out"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square() / (around.square() + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score[..., None] - distance - (alpha * v)[..., None]


# %% wrong="counts the shared part twice" hint="counted twice in the union"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="gives the loss" hint="a loss came out"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return 1 - (score - distance - alpha * v)


# %% wrong="adds the IoU twice" hint="only the IoU must be left"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return 2 * score - distance - alpha * v


# %% wrong="stops before the centres" hint="the centres do not count"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - alpha * v


# %% wrong="takes roots of both" hint="both count with their square"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.norm(dim=-1) / (around.norm(dim=-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="takes the root of the distance" hint="as the diagonal does"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.norm(dim=-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="takes the root of the diagonal" hint="as the distance does"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.norm(dim=-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="does not halve the corners" hint="a centre is the mean of two corners"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="divides by the area around" hint="the diagonal is not the area"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.prod(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="adds the distance" hint="the distance raises the score"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score + distance - alpha * v


# %% wrong="divides by its own diagonal" hint="measured against the wrong box"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (size_b.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="sums before it squares" hint="the penalty for the distance of two squares"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.sum(-1).square() / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="stops before the shape" hint="their shapes do not count"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - 0 * alpha * v


# %% wrong="forgets alpha" hint="its weight alpha is missing"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    return score - distance - v


# %% wrong="forgets to bring v to 1" hint="4/π² is missing"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="turns alpha round" hint="it should be small there"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (score + v + eps)
    return score - distance - alpha * v


# %% wrong="adds the shape" hint="a different shape raises the score"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance + alpha * v


# %% wrong="takes alpha for the penalty" hint="what it weighs is missing"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha


# %% wrong="forgets v in the denominator" hint="v stands in the denominator"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + eps)
    return score - distance - alpha * v


# %% wrong="does not square the angle" hint="yours is not squared"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).abs()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="lets gradients through alpha" hint="does one flow through alpha"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="mends NaN afterwards" hint="is finite, but its gradient is not"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / size[..., 1]) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return torch.nan_to_num(score - distance - alpha * v)


# %% wrong="divides by a height of zero" hint="give NaN: 0 is divided by 0"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / size[..., 1]) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="takes a table for granted" hint="must come out again"
def ciou(a, b):
    eps = 1e-7
    a, b = a.reshape(-1, 4), b.reshape(-1, 4)
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="rounds to float32" hint="float64 boxes must give a float64 score"
def ciou(a, b):
    eps = 1e-7
    a, b = a.float(), b.float()
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="holds v, too" hint="no gradient flows through v"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    with torch.no_grad():
        angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
        v = 4 / math.pi**2 * (angle_b - angle_a).square()
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="needs no gradient at all" hint="cut off from the graph"
@torch.no_grad()
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v


# %% wrong="measures the angle by its sine" hint="the penalty for the shape is not right"
def ciou(a, b):
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)
    angle_a, angle_b = (torch.sin(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v
