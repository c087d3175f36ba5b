# %% right="loops over the boxes, with homogeneous corners"
def affine_boxes(boxes, matrix, size):
    height, width = size
    moved, stays = np.zeros((len(boxes), 4)), np.zeros(len(boxes), bool)
    for number, (x1, y1, x2, y2) in enumerate(boxes):
        corners = matrix @ np.array([[x1, x2, x2, x1], [y1, y1, y2, y2], [1, 1, 1, 1]])
        left, top, right, bottom = corners[0].min(), corners[1].min(), corners[0].max(), corners[1].max()
        cut = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
        wide, high = cut[2] - cut[0], cut[3] - cut[1]
        moved[number] = np.clip((left, top, right, bottom), 0, (width, height, width, height))
        stays[number] = wide > 2 and high > 2 and wide * high >= 0.1 * (right - left) * (bottom - top)
    return moved, stays


# %% right="asks OpenCV to move the corners"
def affine_boxes(boxes, matrix, size):
    x1, y1, x2, y2 = np.asarray(boxes, float).T
    corners = np.stack((x1, y1, x2, y1, x2, y2, x1, y2), 1).reshape(-1, 4, 2)
    if len(corners):
        corners = cv2.transform(corners, np.asarray(matrix, float)[:2])
    whole = np.hstack((corners.min(1), corners.max(1)))
    inside = whole.copy()
    inside[:, 0::2] = inside[:, 0::2].clip(0, size[1])
    inside[:, 1::2] = inside[:, 1::2].clip(0, size[0])
    w, h = (inside[:, 2:] - inside[:, :2]).T
    area = (whole[:, 2:] - whole[:, :2]).prod(1)
    return inside, (w > 2) & (h > 2) & (w * h / np.maximum(area, 1e-9) >= 0.1)


# %% wrong="leaves the last column out" hint="the last column of the matrix is missing"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    inside = whole.clip(0, [size[1], size[0]] * 2)
    return inside, np.ones(len(boxes), bool)


# %% wrong="adds the shift in the wrong order" hint="the first row of the matrix is for x"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[[1, 0], 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    inside = whole.clip(0, [size[1], size[0]] * 2)
    return inside, np.ones(len(boxes), bool)


# %% wrong="moves two corners and does not sort them" hint="after a quarter turn the box ends"
def affine_boxes(boxes, matrix, size):
    corners = boxes.reshape(-1, 2, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    inside = corners.reshape(-1, 4).clip(0, [size[1], size[0]] * 2)
    return inside, np.ones(len(boxes), bool)


# %% wrong="multiplies by the transposed matrix" hint="is the matrix transposed"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2] + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    inside = whole.clip(0, [size[1], size[0]] * 2)
    return inside, np.ones(len(boxes), bool)


# %% wrong="moves the first and the third corner" hint="two of the corners were forgotten"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [2, 1, 0, 3]].reshape(-1, 2, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    inside = whole.clip(0, [size[1], size[0]] * 2)
    return inside, np.ones(len(boxes), bool)


# %% wrong="moves the corners top left and bottom right" hint="not all boxes lean to the right"
def affine_boxes(boxes, matrix, size):
    corners = boxes.reshape(-1, 2, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    inside = whole.clip(0, [size[1], size[0]] * 2)
    return inside, np.ones(len(boxes), bool)


# %% wrong="does not cut" hint="it was not cut"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    return np.concatenate((corners.min(1), corners.max(1)), 1), np.ones(len(boxes), bool)


# %% wrong="cuts x by the height" hint="width and height of the picture"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    return whole.clip(0, [*size, *size]), np.ones(len(boxes), bool)


# %% wrong="cuts at the last pixel's number" hint="not at the number of the last pixel"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    return whole.clip(0, [size[1] - 1, size[0] - 1] * 2), np.ones(len(boxes), bool)


# %% wrong="cuts at the far borders alone" hint="cut at 0, too"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    return np.minimum(whole, [size[1], size[0]] * 2), np.ones(len(boxes), bool)


# %% wrong="keeps all boxes" hint="even the one that is quite outside"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    return whole.clip(0, [size[1], size[0]] * 2), np.ones(len(boxes), bool)


# %% wrong="keeps what has any area" hint="as soon as a corner of it is left"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    inside = whole.clip(0, [size[1], size[0]] * 2)
    return inside, (inside[:, 2:] > inside[:, :2]).all(1)


# %% wrong="forgets the tenth" hint="8 % and 9 %"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    inside = whole.clip(0, [size[1], size[0]] * 2)
    return inside, (inside[:, 2:] - inside[:, :2] > 2).all(1)


# %% wrong="forgets the two pixels" hint="1 px high"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    inside = whole.clip(0, [size[1], size[0]] * 2)
    left = (inside[:, 2:] - inside[:, :2]).prod(1)
    return inside, (left > 0) & (left >= 0.1 * (whole[:, 2:] - whole[:, :2]).prod(1))


# %% wrong="wants half of a box" hint="a fifth of the first box is left"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    inside = whole.clip(0, [size[1], size[0]] * 2)
    sides = inside[:, 2:] - inside[:, :2]
    return inside, (sides > 2).all(1) & (sides.prod(1) >= 0.5 * (whole[:, 2:] - whole[:, :2]).prod(1))


# %% wrong="compares with the area before the matrix" hint="a box that shrinks with its picture"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    inside = whole.clip(0, [size[1], size[0]] * 2)
    sides = inside[:, 2:] - inside[:, :2]
    return inside, (sides > 2).all(1) & (sides.prod(1) >= 0.1 * (boxes[:, 2:] - boxes[:, :2]).prod(1))


# %% wrong="gives only the boxes that stay" hint="two things come out"
def affine_boxes(boxes, matrix, size):
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((corners.min(1), corners.max(1)), 1)
    return whole.clip(0, [size[1], size[0]] * 2)
