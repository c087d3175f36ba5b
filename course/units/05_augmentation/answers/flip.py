# %% right="writes into a copy"
def flip(image, boxes, direction="horizontal"):
    height, width = image.shape[:2]
    moved = boxes.copy()
    if direction == "horizontal":
        moved[:, 0], moved[:, 2] = width - boxes[:, 2], width - boxes[:, 0]
        return np.fliplr(image), moved
    moved[:, 1], moved[:, 3] = height - boxes[:, 3], height - boxes[:, 1]
    return np.flipud(image), moved


# %% right="sorts the edges afterwards, mirrors with OpenCV"
def flip(image, boxes, direction="horizontal"):
    height, width = image.shape[:2]
    horizontal = direction == "horizontal"
    lengths = np.array([width, 0, width, 0] if horizontal else [0, height, 0, height])
    signs = np.array([-1, 1, -1, 1] if horizontal else [1, -1, 1, -1])
    moved = lengths + signs * boxes
    first, last = np.minimum(moved[:, :2], moved[:, 2:]), np.maximum(moved[:, :2], moved[:, 2:])
    return cv2.flip(image, 1 if horizontal else 0), np.hstack((first, last))


# %% wrong="mirrors the picture alone" hint="its boxes stand where they stood"
def flip(image, boxes, direction="horizontal"):
    return (image[:, ::-1] if direction == "horizontal" else image[::-1]), boxes


# %% wrong="mirrors each edge for itself" hint="ends before it begins"
def flip(image, boxes, direction="horizontal"):
    moved = boxes.copy()
    moved[:, [0, 2]] = image.shape[1] - boxes[:, [0, 2]]
    return image[:, ::-1], moved


# %% wrong="counts the last pixel's number as the border" hint="one pixel is lost"
def flip(image, boxes, direction="horizontal"):
    moved = boxes.copy()
    moved[:, [0, 2]] = image.shape[1] - 1 - boxes[:, [2, 0]]
    return image[:, ::-1], moved


# %% wrong="takes the height for the width" hint="is not its height"
def flip(image, boxes, direction="horizontal"):
    width = image.shape[0]
    moved = boxes.copy()
    moved[:, [0, 2]] = width - boxes[:, [2, 0]]
    return image[:, ::-1], moved


# %% wrong="turns the first axis" hint="top and bottom have changed places"
def flip(image, boxes, direction="horizontal"):
    return image[::-1], boxes


# %% wrong="turns all axes but the first" hint="red and blue"
def flip(image, boxes, direction="horizontal"):
    return image[:, ::-1, ::-1], boxes


# %% wrong="turns both axes" hint="half a turn"
def flip(image, boxes, direction="horizontal"):
    return image[::-1, ::-1], boxes


# %% wrong="flips the boxes alone" hint="the picture has not changed"
def flip(image, boxes, direction="horizontal"):
    moved = boxes.copy()
    moved[:, [0, 2]] = image.shape[1] - boxes[:, [2, 0]]
    return image, moved


# %% wrong="mirrors y as well" hint="top and bottom stay"
def flip(image, boxes, direction="horizontal"):
    height, width = image.shape[:2]
    x1, y1, x2, y2 = boxes.T
    return image[:, ::-1], np.stack((width - x2, height - y2, width - x1, height - y1), 1)


# %% wrong="forgets the other direction" hint="`direction` is ignored"
def flip(image, boxes, direction="horizontal"):
    width = image.shape[1]
    x1, y1, x2, y2 = boxes.T
    return image[:, ::-1], np.stack((width - x2, y1, width - x1, y2), 1)


# %% wrong="measures y by the width" hint="with direction vertical the box"
def flip(image, boxes, direction="horizontal"):
    width = image.shape[1]
    x1, y1, x2, y2 = boxes.T
    if direction == "horizontal":
        return image[:, ::-1], np.stack((width - x2, y1, width - x1, y2), 1)
    return image[::-1], np.stack((x1, width - y2, x2, width - y1), 1)


# %% wrong="writes into the boxes it was given" hint="changes the boxes it was given"
def flip(image, boxes, direction="horizontal"):
    height, width = image.shape[:2]
    if direction == "horizontal":
        boxes[:, [0, 2]] = width - boxes[:, [2, 0]]
        return image[:, ::-1], boxes
    boxes[:, [1, 3]] = height - boxes[:, [3, 1]]
    return image[::-1], boxes


# %% wrong="returns the picture alone" hint="two things come out"
def flip(image, boxes, direction="horizontal"):
    return image[:, ::-1]


# %% wrong="forgets to return" hint="is a `return` missing"
def flip(image, boxes, direction="horizontal"):
    width = image.shape[1]
    boxes = width - boxes
