# %% right="loops over every pair, in plain Python"
def pairwise_iou(a, b):
    table = torch.zeros(len(a), len(b), dtype=a.dtype)
    for row, (ax1, ay1, ax2, ay2) in enumerate(a.tolist()):
        for column, (bx1, by1, bx2, by2) in enumerate(b.tolist()):
            width, height = min(ax2, bx2) - max(ax1, bx1), min(ay2, by2) - max(ay1, by1)
            if width <= 0 or height <= 0:
                continue
            shared = width * height
            table[row, column] = shared / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - shared)
    return table


# %% right="broadcasts column by column, guards the division"
def pairwise_iou(a, b):
    ax1, ay1, ax2, ay2 = a.T.unsqueeze(-1)
    bx1, by1, bx2, by2 = b.T.unsqueeze(1)
    width = (torch.min(ax2, bx2) - torch.max(ax1, bx1)).relu()
    height = (torch.min(ay2, by2) - torch.max(ay1, by1)).relu()
    shared = width * height
    union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - shared
    return torch.nan_to_num(shared / union)


# %% right="in NumPy, with a tiny number under the fraction"
def pairwise_iou(a, b):
    p, q = a.numpy()[:, None], b.numpy()[None]
    sides = (np.minimum(p[..., 2:], q[..., 2:]) - np.maximum(p[..., :2], q[..., :2])).clip(0)
    shared = sides.prod(-1)
    area = (p[..., 2:] - p[..., :2]).prod(-1) + (q[..., 2:] - q[..., :2]).prod(-1)
    return torch.from_numpy(shared / (area - shared + 1e-9))


# %% wrong="multiplies two negative sides" hint="below 0"
def pairwise_iou(a, b):
    p, q = a[:, None], b[None]
    shared = (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2])).prod(-1)
    areas = (p[..., 2:] - p[..., :2]).prod(-1) + (q[..., 2:] - q[..., :2]).prod(-1)
    return shared / (areas - shared).clamp(min=1e-9)


# %% wrong="clamps the product, not the sides" hint="minus times minus"
def pairwise_iou(a, b):
    p, q = a[:, None], b[None]
    shared = (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2])).prod(-1).clamp(min=0)
    areas = (p[..., 2:] - p[..., :2]).prod(-1) + (q[..., 2:] - q[..., :2]).prod(-1)
    return shared / (areas - shared).clamp(min=1e-9)


# %% wrong="adds the areas only" hint="counted twice"
def pairwise_iou(a, b):
    p, q = a[:, None], b[None]
    shared = (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2])).clamp(min=0).prod(-1)
    areas = (p[..., 2:] - p[..., :2]).prod(-1) + (q[..., 2:] - q[..., :2]).prod(-1)
    return shared / areas.clamp(min=1e-9)


# %% wrong="divides by the area of a" hint="one box alone"
def pairwise_iou(a, b):
    p, q = a[:, None], b[None]
    shared = (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2])).clamp(min=0).prod(-1)
    return shared / (p[..., 2:] - p[..., :2]).prod(-1).clamp(min=1e-9)


# %% wrong="divides by the box around both" hint="smallest box around both"
def pairwise_iou(a, b):
    p, q = a[:, None], b[None]
    shared = (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2])).clamp(min=0).prod(-1)
    around = (torch.maximum(p[..., 2:], q[..., 2:]) - torch.minimum(p[..., :2], q[..., :2])).prod(-1)
    return shared / around.clamp(min=1e-9)


# %% wrong="counts pixels, one too many" hint="one pixel"
def pairwise_iou(a, b):
    p, q = a[:, None], b[None]
    shared = (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2]) + 1).clamp(min=0).prod(-1)
    areas = (p[..., 2:] - p[..., :2] + 1).prod(-1) + (q[..., 2:] - q[..., :2] + 1).prod(-1)
    return shared / (areas - shared)


# %% wrong="takes the boxes for centre and size" hint="read as corners"
def pairwise_iou(a, b):
    a, b = (torch.cat((box[:, :2] - box[:, 2:] / 2, box[:, :2] + box[:, 2:] / 2), 1) for box in (a, b))
    p, q = a[:, None], b[None]
    shared = (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2])).clamp(min=0).prod(-1)
    areas = (p[..., 2:] - p[..., :2]).prod(-1) + (q[..., 2:] - q[..., :2]).prod(-1)
    return shared / (areas - shared).clamp(min=1e-9)


# %% wrong="takes the boxes for corner and size" hint="left, top, width, height"
def pairwise_iou(a, b):
    p, q = a[:, None], b[None]
    last = torch.minimum(p[..., :2] + p[..., 2:], q[..., :2] + q[..., 2:])
    shared = (last - torch.maximum(p[..., :2], q[..., :2])).clamp(min=0).prod(-1)
    return shared / (p[..., 2:].prod(-1) + q[..., 2:].prod(-1) - shared).clamp(min=1e-9)


# %% wrong="gives the overlap in pixels" hint="no share of anything"
def pairwise_iou(a, b):
    p, q = a[:, None], b[None]
    return (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2])).clamp(min=0).prod(-1)


# %% wrong="compares first with first, second with second" hint="a table, not a list"
def pairwise_iou(a, b):
    shared = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0).prod(-1)
    return shared / ((a[:, 2:] - a[:, :2]).prod(-1) + (b[:, 2:] - b[:, :2]).prod(-1) - shared)


# %% wrong="puts b in the rows" hint="rows and columns"
def pairwise_iou(a, b):
    p, q = a[None], b[:, None]
    shared = (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2])).clamp(min=0).prod(-1)
    areas = (p[..., 2:] - p[..., :2]).prod(-1) + (q[..., 2:] - q[..., :2]).prod(-1)
    return shared / (areas - shared).clamp(min=1e-9)


# %% wrong="squares the width instead of using the height" hint="not square"
def pairwise_iou(a, b):
    p, q = a[:, None], b[None]
    shared = (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2])).clamp(min=0).prod(-1)
    areas = (p[..., 2] - p[..., 0]) ** 2 + (q[..., 2] - q[..., 0]) ** 2
    return shared / (areas - shared).clamp(min=1e-9)


# %% wrong="divides zero by zero" hint="without area"
def pairwise_iou(a, b):
    p, q = a[:, None], b[None]
    shared = (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2])).clamp(min=0).prod(-1)
    areas = (p[..., 2:] - p[..., :2]).prod(-1) + (q[..., 2:] - q[..., :2]).prod(-1)
    return shared / (areas - shared)


# %% wrong="calls the library" hint="your own"
def pairwise_iou(a, b):
    return torchvision.ops.box_iou(a, b).nan_to_num()


# %% wrong="lets no union be smaller than one" hint="smaller than a pixel"
def pairwise_iou(a, b):
    p, q = a[:, None], b[None]
    shared = (torch.minimum(p[..., 2:], q[..., 2:]) - torch.maximum(p[..., :2], q[..., :2])).clamp(min=0).prod(-1)
    areas = (p[..., 2:] - p[..., :2]).prod(-1) + (q[..., 2:] - q[..., :2]).prod(-1)
    return shared / (areas - shared).clamp(min=1)
