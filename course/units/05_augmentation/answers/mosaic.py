# %% right="enlarges each picture to the canvas first"
def mosaic(pictures, size, centre):
    height, width = size
    x, y = centre
    canvas = np.full((height, width, 3), 114, np.uint8)
    everything = []
    for place, (image, boxes, classes) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = (x - w, x)[place % 2], (y - h, y)[place // 2]
        rows, columns = np.arange(height) - top, np.arange(width) - left
        inside_rows, inside_columns = (rows >= 0) & (rows < h), (columns >= 0) & (columns < w)
        canvas[np.ix_(inside_rows, inside_columns)] = image[np.ix_(rows[inside_rows], columns[inside_columns])]
        for (x1, y1, x2, y2), kind in zip(boxes.tolist(), classes.tolist(), strict=True):
            box = max(x1 + left, 0), max(y1 + top, 0), min(x2 + left, width), min(y2 + top, height)
            if box[2] > box[0] and box[3] > box[1]:
                everything.append((*box, kind))
    table = np.array(everything, float).reshape(-1, 5)
    return canvas, table[:, :4], table[:, 4].astype(int)


# %% right="works on a larger canvas and cuts it"
def mosaic(pictures, size, centre):
    height, width = size
    margin = max(max(each[0].shape[:2]) for each in pictures)
    big = np.full((height + 2 * margin, width + 2 * margin, 3), 114, np.uint8)
    boxes, classes = [], []
    for place, (image, own, names) in enumerate(pictures):
        h, w = image.shape[:2]
        left = centre[0] - (w if place in (0, 2) else 0)
        top = centre[1] - (h if place in (0, 1) else 0)
        big[top + margin : top + margin + h, left + margin : left + margin + w] = image
        boxes.append(own + np.array([left, top, left, top]))
        classes.append(names)
    boxes, classes = np.concatenate(boxes), np.concatenate(classes)
    boxes[:, 0::2] = boxes[:, 0::2].clip(0, width)
    boxes[:, 1::2] = boxes[:, 1::2].clip(0, height)
    stays = (boxes[:, 2:] - boxes[:, :2]).min(1) > 0
    return big[margin : margin + height, margin : margin + width], boxes[stays], classes[stays]


# %% wrong="leaves the boxes where they were" hint="have not moved with their pictures"
def mosaic(pictures, size, centre):
    height, width = size
    canvas = np.full((height, width, 3), 114, np.uint8)
    for place, (image, _, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = centre[0] - w * (place % 2 == 0), centre[1] - h * (place < 2)
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
        canvas[y1:y2, x1:x2] = image[y1 - top : y2 - top, x1 - left : x2 - left]
    return canvas, np.concatenate([each[1] for each in pictures]), np.concatenate([each[2] for each in pictures])


# %% wrong="moves x by the top and y by the left" hint="x moved by the height"
def mosaic(pictures, size, centre):
    height, width = size
    canvas, boxes = np.full((height, width, 3), 114, np.uint8), []
    for place, (image, own, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = centre[0] - w * (place % 2 == 0), centre[1] - h * (place < 2)
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
        canvas[y1:y2, x1:x2] = image[y1 - top : y2 - top, x1 - left : x2 - left]
        boxes.append(own + np.array([top, left, top, left]))
    return canvas, np.concatenate(boxes), np.concatenate([each[2] for each in pictures])


# %% wrong="moves the first two numbers alone" hint="the right and lower edges stayed behind"
def mosaic(pictures, size, centre):
    height, width = size
    canvas, boxes = np.full((height, width, 3), 114, np.uint8), []
    for place, (image, own, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = centre[0] - w * (place % 2 == 0), centre[1] - h * (place < 2)
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
        canvas[y1:y2, x1:x2] = image[y1 - top : y2 - top, x1 - left : x2 - left]
        boxes.append(own + np.array([left, top, 0, 0]))
    return canvas, np.concatenate(boxes), np.concatenate([each[2] for each in pictures])


# %% wrong="swaps top right and bottom left" hint="top right and bottom left"
def mosaic(pictures, size, centre):
    height, width = size
    canvas, boxes = np.full((height, width, 3), 114, np.uint8), []
    for place, (image, own, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = centre[0] - w * (place < 2), centre[1] - h * (place % 2 == 0)
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
        canvas[y1:y2, x1:x2] = image[y1 - top : y2 - top, x1 - left : x2 - left]
        boxes.append(own + np.array([left, top, left, top]))
    return canvas, np.concatenate(boxes), np.concatenate([each[2] for each in pictures])


# %% wrong="starts each picture in the corner of its quarter" hint="its *lower right* one belongs to the point"
def mosaic(pictures, size, centre):
    height, width = size
    canvas, boxes = np.full((height, width, 3), 114, np.uint8), []
    for place, (image, own, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = centre[0] * (place % 2), centre[1] * (place > 1)
        right, bottom = (width if place % 2 else centre[0]), (height if place > 1 else centre[1])
        x2, y2 = min(left + w, right), min(top + h, bottom)
        canvas[top:y2, left:x2] = image[: y2 - top, : x2 - left]
        boxes.append(own + np.array([left, top, left, top]))
    return canvas, np.concatenate(boxes), np.concatenate([each[2] for each in pictures])


# %% wrong="black where no picture is" hint="is 114, not black"
def mosaic(pictures, size, centre):
    height, width = size
    canvas, boxes = np.zeros((height, width, 3), np.uint8), []
    for place, (image, own, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = centre[0] - w * (place % 2 == 0), centre[1] - h * (place < 2)
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
        canvas[y1:y2, x1:x2] = image[y1 - top : y2 - top, x1 - left : x2 - left]
        boxes.append(own + np.array([left, top, left, top]))
    return canvas, np.concatenate(boxes), np.concatenate([each[2] for each in pictures])


# %% wrong="shows the wrong part of a picture that is cut" hint="shows its lower right part"
def mosaic(pictures, size, centre):
    height, width = size
    canvas, boxes = np.full((height, width, 3), 114, np.uint8), []
    for place, (image, own, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = centre[0] - w * (place % 2 == 0), centre[1] - h * (place < 2)
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
        canvas[y1:y2, x1:x2] = image[h - (y2 - y1) :, w - (x2 - x1) :]
        boxes.append(own + np.array([left, top, left, top]))
    return canvas, np.concatenate(boxes), np.concatenate([each[2] for each in pictures])


# %% wrong="does not cut the boxes" hint="reaches beyond the canvas"
def mosaic(pictures, size, centre):
    height, width = size
    canvas, boxes = np.full((height, width, 3), 114, np.uint8), []
    for place, (image, own, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = centre[0] - w * (place % 2 == 0), centre[1] - h * (place < 2)
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
        canvas[y1:y2, x1:x2] = image[y1 - top : y2 - top, x1 - left : x2 - left]
        boxes.append(own + np.array([left, top, left, top]))
    return canvas, np.concatenate(boxes), np.concatenate([each[2] for each in pictures])


# %% wrong="cuts the boxes at the far borders alone" hint="left of or above the canvas"
def mosaic(pictures, size, centre):
    height, width = size
    canvas, boxes = np.full((height, width, 3), 114, np.uint8), []
    for place, (image, own, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = centre[0] - w * (place % 2 == 0), centre[1] - h * (place < 2)
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
        canvas[y1:y2, x1:x2] = image[y1 - top : y2 - top, x1 - left : x2 - left]
        boxes.append(np.minimum(own + np.array([left, top, left, top]), [width, height, width, height]))
    return canvas, np.concatenate(boxes), np.concatenate([each[2] for each in pictures])


# %% wrong="keeps boxes without area" hint="still there, without an area"
def mosaic(pictures, size, centre):
    height, width = size
    canvas, boxes = np.full((height, width, 3), 114, np.uint8), []
    for place, (image, own, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = centre[0] - w * (place % 2 == 0), centre[1] - h * (place < 2)
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
        canvas[y1:y2, x1:x2] = image[y1 - top : y2 - top, x1 - left : x2 - left]
        boxes.append((own + np.array([left, top, left, top])).clip(0, [width, height, width, height]))
    return canvas, np.concatenate(boxes), np.concatenate([each[2] for each in pictures])


# %% wrong="lets a picture begin at the canvas's edge" hint="begins left of and above the canvas"
def mosaic(pictures, size, centre):
    height, width = size
    canvas, boxes = np.full((height, width, 3), 114, np.uint8), []
    for place, (image, own, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = max(centre[0] - w * (place % 2 == 0), 0), max(centre[1] - h * (place < 2), 0)
        x2 = min(left + w, width if place % 2 else centre[0])
        y2 = min(top + h, height if place > 1 else centre[1])
        canvas[top:y2, left:x2] = image[: y2 - top, : x2 - left]
        boxes.append((own + np.array([left, top, left, top])).clip(0, [width, height, width, height]))
    return canvas, np.concatenate(boxes), np.concatenate([each[2] for each in pictures])


# %% wrong="sorts the classes" hint="the classes have lost their order"
def mosaic(pictures, size, centre):
    height, width = size
    canvas, boxes = np.full((height, width, 3), 114, np.uint8), []
    for place, (image, own, _) in enumerate(pictures):
        h, w = image.shape[:2]
        left, top = centre[0] - w * (place % 2 == 0), centre[1] - h * (place < 2)
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
        canvas[y1:y2, x1:x2] = image[y1 - top : y2 - top, x1 - left : x2 - left]
        boxes.append(own + np.array([left, top, left, top]))
    return canvas, np.concatenate(boxes), np.concatenate([each[2] for each in pictures[::-1]])


# %% wrong="takes the size for width and height" hint="another size than it was given"
def mosaic(pictures, size, centre):
    return np.full((size[1], size[0], 3), 114, np.uint8), np.zeros((0, 4)), np.zeros(0, int)
