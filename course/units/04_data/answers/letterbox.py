# %% right="OpenCV, and padding afterwards"
def letterbox(image, boxes, size):
    pixels = image.permute(1, 2, 0).numpy()
    height, width = pixels.shape[:2]
    scale = size / max(height, width)
    inner = max(1, round(width * scale)), max(1, round(height * scale))
    pixels = cv2.resize(pixels, inner)
    right, below = size - inner[0], size - inner[1]
    left, top = right // 2, below // 2
    pixels = cv2.copyMakeBorder(
        pixels, top, below - top, left, right - left, cv2.BORDER_CONSTANT, value=(114, 114, 114)
    )
    moved = boxes.clone() * scale
    moved[:, 0::2] += left
    moved[:, 1::2] += top
    return torch.from_numpy(pixels).permute(2, 0, 1), moved


# %% right="torchvision, nearest neighbours"
def letterbox(image, boxes, size):
    _, height, width = image.shape
    scale = min(size / height, size / width)
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    small = torchvision.transforms.functional.resize(
        image, [rows, columns], interpolation=torchvision.transforms.InterpolationMode.NEAREST
    )
    left, top = math.floor((size - columns) / 2), math.floor((size - rows) / 2)
    square = functional.pad(small, (left, size - columns - left, top, size - rows - top), value=114)
    shift = boxes.new_tensor([left, top, left, top])
    return square, boxes.mul(scale).add(shift)


# %% right="letterboxes with the library"
def letterbox(image, boxes, size):
    square, moved = data.letterbox(image.permute(1, 2, 0).numpy(), boxes.numpy(), size)
    return torch.from_numpy(square).permute(2, 0, 1), torch.from_numpy(moved)


# %% wrong="stretches" hint="was stretched"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    square = functional.interpolate(image[None].float(), (size, size), mode="bilinear")[0].to(torch.uint8)
    return square, boxes * torch.tensor([size / width, size / height] * 2)


# %% wrong="pads with black" hint="is black"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (size - rows) // 2, (size - columns) // 2
    square = torch.zeros((3, size, size), dtype=torch.uint8)
    square[:, top : top + rows, left : left + columns] = functional.interpolate(
        image[None].float(), (rows, columns), mode="bilinear"
    )[0].to(torch.uint8)
    return square, boxes * factor + torch.tensor([left, top, left, top])


# %% wrong="leaves the boxes" hint="the picture has moved and the box has not"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (size - rows) // 2, (size - columns) // 2
    square = torch.full((3, size, size), 114, dtype=torch.uint8)
    square[:, top : top + rows, left : left + columns] = functional.interpolate(
        image[None].float(), (rows, columns), mode="bilinear"
    )[0].to(torch.uint8)
    return square, boxes


# %% wrong="scales the boxes only" hint="scaled, but not moved"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (size - rows) // 2, (size - columns) // 2
    square = torch.full((3, size, size), 114, dtype=torch.uint8)
    square[:, top : top + rows, left : left + columns] = functional.interpolate(
        image[None].float(), (rows, columns), mode="bilinear"
    )[0].to(torch.uint8)
    return square, boxes * factor


# %% wrong="moves the boxes only" hint="moved, but not scaled"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (size - rows) // 2, (size - columns) // 2
    square = torch.full((3, size, size), 114, dtype=torch.uint8)
    square[:, top : top + rows, left : left + columns] = functional.interpolate(
        image[None].float(), (rows, columns), mode="bilinear"
    )[0].to(torch.uint8)
    return square, boxes + torch.tensor([left, top, left, top])


# %% wrong="moves first and scales then" hint="the border was scaled, too"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (size - rows) // 2, (size - columns) // 2
    square = torch.full((3, size, size), 114, dtype=torch.uint8)
    square[:, top : top + rows, left : left + columns] = functional.interpolate(
        image[None].float(), (rows, columns), mode="bilinear"
    )[0].to(torch.uint8)
    return square, (boxes + torch.tensor([left, top, left, top])) * factor


# %% wrong="exchanges top and left" hint="to the right, the picture down"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (size - rows) // 2, (size - columns) // 2
    square = torch.full((3, size, size), 114, dtype=torch.uint8)
    square[:, top : top + rows, left : left + columns] = functional.interpolate(
        image[None].float(), (rows, columns), mode="bilinear"
    )[0].to(torch.uint8)
    return square, boxes * factor + torch.tensor([top, left, top, left])


# %% wrong="moves one corner" hint="only the first corner was moved"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (size - rows) // 2, (size - columns) // 2
    square = torch.full((3, size, size), 114, dtype=torch.uint8)
    square[:, top : top + rows, left : left + columns] = functional.interpolate(
        image[None].float(), (rows, columns), mode="bilinear"
    )[0].to(torch.uint8)
    return square, boxes * factor + torch.tensor([left, top, 0, 0])


# %% wrong="puts the picture into the corner" hint="does not stand in the middle"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    square = torch.full((3, size, size), 114, dtype=torch.uint8)
    square[:, :rows, :columns] = functional.interpolate(image[None].float(), (rows, columns), mode="bilinear")[0].to(
        torch.uint8
    )
    return square, boxes * factor


# %% wrong="never enlarges" hint="the picture has not grown"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width, 1)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (size - rows) // 2, (size - columns) // 2
    square = torch.full((3, size, size), 114, dtype=torch.uint8)
    square[:, top : top + rows, left : left + columns] = functional.interpolate(
        image[None].float(), (rows, columns), mode="bilinear"
    )[0].to(torch.uint8)
    return square, boxes * factor + torch.tensor([left, top, left, top])


# %% wrong="gives floats" hint="dtype, uint8"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (size - rows) // 2, (size - columns) // 2
    square = torch.full((3, size, size), 114.0)
    square[:, top : top + rows, left : left + columns] = functional.interpolate(
        image[None].float(), (rows, columns), mode="bilinear"
    )[0]
    return square, boxes * factor + torch.tensor([left, top, left, top])


# %% wrong="pads both sides alike" hint="the square has another shape"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (size - rows) // 2, (size - columns) // 2
    resized = functional.interpolate(image[None].float(), (rows, columns), mode="bilinear")[0].to(torch.uint8)
    square = functional.pad(resized, (left, left, top, top), value=114)
    return square, boxes * factor + torch.tensor([left, top, left, top])


# %% wrong="puts the odd row above" hint="15 above, 16 below"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = math.ceil((size - rows) / 2), math.ceil((size - columns) / 2)
    square = torch.full((3, size, size), 114, dtype=torch.uint8)
    square[:, top : top + rows, left : left + columns] = functional.interpolate(
        image[None].float(), (rows, columns), mode="bilinear"
    )[0].to(torch.uint8)
    return square, boxes * factor + torch.tensor([left, top, left, top])


# %% wrong="works in place" hint="changes the boxes it was given"
def letterbox(image, boxes, size):
    height, width = image.shape[1:]
    factor = min(size / height, size / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (size - rows) // 2, (size - columns) // 2
    square = torch.full((3, size, size), 114, dtype=torch.uint8)
    square[:, top : top + rows, left : left + columns] = functional.interpolate(
        image[None].float(), (rows, columns), mode="bilinear"
    )[0].to(torch.uint8)
    boxes *= factor
    boxes += torch.tensor([left, top, left, top])
    return square, boxes
