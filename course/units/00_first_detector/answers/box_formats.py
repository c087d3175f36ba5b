# %% right="unpacks the last dimension and stacks it again"
def xywh_to_xyxy(boxes):
    x, y, w, h = boxes.unbind(-1)
    return torch.stack((x - w / 2, y - h / 2, x + w / 2, y + h / 2), dim=-1)


def xyxy_to_xywh(boxes):
    x1, y1, x2, y2 = boxes.unbind(-1)
    return torch.stack(((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1), dim=-1)


# %% right="multiplies by a matrix and by its inverse"
CORNERS = torch.tensor([[1, 0, -0.5, 0], [0, 1, 0, -0.5], [1, 0, 0.5, 0], [0, 1, 0, 0.5]], dtype=torch.float64)


def xywh_to_xyxy(boxes):
    return boxes @ CORNERS.T.to(boxes.dtype)


def xyxy_to_xywh(boxes):
    return boxes @ torch.linalg.inv(CORNERS).T.to(boxes.dtype)


# %% right="fills a new tensor, column by column"
def xywh_to_xyxy(boxes):
    corners = boxes.clone()
    corners[..., 0] = boxes[..., 0] - boxes[..., 2] / 2
    corners[..., 1] = boxes[..., 1] - boxes[..., 3] / 2
    corners[..., 2] = boxes[..., 0] + boxes[..., 2] / 2
    corners[..., 3] = boxes[..., 1] + boxes[..., 3] / 2
    return corners


def xyxy_to_xywh(boxes):
    out = torch.empty_like(boxes)
    out[..., 2:] = boxes[..., 2:] - boxes[..., :2]
    out[..., :2] = boxes[..., :2] + 0.5 * out[..., 2:]
    return out


# %% wrong="starts at the centre" hint="starts at its own centre"
def xywh_to_xyxy(boxes):
    return torch.cat((boxes[..., :2], boxes[..., :2] + boxes[..., 2:]), -1)


# %% wrong="does not halve the size" hint="twice as large"
def xywh_to_xyxy(boxes):
    return torch.cat((boxes[..., :2] - boxes[..., 2:], boxes[..., :2] + boxes[..., 2:]), -1)


# %% wrong="swaps width and height" hint="changed places"
def xywh_to_xyxy(boxes):
    x, y, h, w = boxes.unbind(-1)
    return torch.stack((x - w / 2, y - h / 2, x + w / 2, y + h / 2), -1)


# %% wrong="keeps the size behind the corner" hint="still a size"
def xywh_to_xyxy(boxes):
    return torch.cat((boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., 2:]), -1)


# %% wrong="gives left, right, top, bottom" hint="order of the four"
def xywh_to_xyxy(boxes):
    x, y, w, h = boxes.unbind(-1)
    return torch.stack((x - w / 2, x + w / 2, y - h / 2, y + h / 2), -1)


# %% wrong="swaps the sign" hint="right of its right edge"
def xywh_to_xyxy(boxes):
    return torch.cat((boxes[..., :2] + boxes[..., 2:] / 2, boxes[..., :2] - boxes[..., 2:] / 2), -1)


# %% wrong="keeps the corner as centre" hint="still a corner, not the centre"
def xywh_to_xyxy(boxes):
    return torch.cat((boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2), -1)


def xyxy_to_xywh(boxes):
    return torch.cat((boxes[..., :2], boxes[..., 2:] - boxes[..., :2]), -1)


# %% wrong="adds corners without halving" hint="centre lies outside"
def xywh_to_xyxy(boxes):
    return torch.cat((boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2), -1)


def xyxy_to_xywh(boxes):
    return torch.cat((boxes[..., :2] + boxes[..., 2:], boxes[..., 2:] - boxes[..., :2]), -1)


# %% wrong="half the size as centre" hint="not where it is"
def xywh_to_xyxy(boxes):
    return torch.cat((boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2), -1)


def xyxy_to_xywh(boxes):
    return torch.cat(((boxes[..., 2:] - boxes[..., :2]) / 2, boxes[..., 2:] - boxes[..., :2]), -1)


# %% wrong="keeps the far corner as size" hint="not a width and a height"
def xywh_to_xyxy(boxes):
    return torch.cat((boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2), -1)


def xyxy_to_xywh(boxes):
    return torch.cat(((boxes[..., 2:] + boxes[..., :2]) / 2, boxes[..., 2:]), -1)


# %% wrong="subtracts the wrong way round" hint="negative"
def xywh_to_xyxy(boxes):
    return torch.cat((boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2), -1)


def xyxy_to_xywh(boxes):
    return torch.cat(((boxes[..., 2:] + boxes[..., :2]) / 2, boxes[..., :2] - boxes[..., 2:]), -1)


# %% wrong="writes into the argument" hint="changes the boxes it was given"
def xywh_to_xyxy(boxes):
    boxes[..., :2] -= boxes[..., 2:] / 2
    boxes[..., 2:] += boxes[..., :2]
    return boxes


def xyxy_to_xywh(boxes):
    return torch.cat(((boxes[..., 2:] + boxes[..., :2]) / 2, boxes[..., 2:] - boxes[..., :2]), -1)


# %% wrong="rounds the half down" hint="half a pixel"
def xywh_to_xyxy(boxes):
    half = boxes[..., 2:] // 2
    return torch.cat((boxes[..., :2] - half, boxes[..., :2] + half), -1)


def xyxy_to_xywh(boxes):
    return torch.cat(((boxes[..., 2:] + boxes[..., :2]) / 2, boxes[..., 2:] - boxes[..., :2]), -1)


# %% wrong="wants exactly two dimensions" hint="whatever stands before it"
def xywh_to_xyxy(boxes):
    x, y, w, h = boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3]
    return torch.stack((x - w / 2, y - h / 2, x + w / 2, y + h / 2), dim=1)


def xyxy_to_xywh(boxes):
    return torch.cat(((boxes[:, 2:] + boxes[:, :2]) / 2, boxes[:, 2:] - boxes[:, :2]), 1)


# %% wrong="rebuilds the tensor from Python numbers" hint="float64"
def xywh_to_xyxy(boxes):
    rows = [[x - w / 2, y - h / 2, x + w / 2, y + h / 2] for x, y, w, h in boxes.reshape(-1, 4).tolist()]
    return torch.tensor(rows).reshape(boxes.shape)


def xyxy_to_xywh(boxes):
    rows = [[(a + c) / 2, (b + d) / 2, c - a, d - b] for a, b, c, d in boxes.reshape(-1, 4).tolist()]
    return torch.tensor(rows).reshape(boxes.shape)


# %% wrong="forgets to return" hint="None"
def xywh_to_xyxy(boxes):
    torch.cat((boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2), -1)
