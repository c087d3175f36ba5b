# %% right="lets OpenCV add"
def mixup(first, second, share):
    if first[0].shape != second[0].shape:
        raise ValueError("pictures of different sizes")
    image = cv2.addWeighted(first[0], share, second[0], 1 - share, 0)
    return image, np.vstack((first[1], second[1])), np.hstack((first[2], second[2]))


# %% right="rounds, and unpacks its arguments"
def mixup(first, second, share):
    (a, boxes_a, classes_a), (b, boxes_b, classes_b) = first, second
    if a.shape[:2] != b.shape[:2]:
        raise ValueError(f"{a.shape[:2]} is not {b.shape[:2]}")
    image = np.rint(a * float(share) + b * (1.0 - share)).clip(0, 255).astype(np.uint8)
    return image, np.concatenate([boxes_a, boxes_b]), np.concatenate([classes_a, classes_b])


# %% wrong="adds bytes" hint="does not fit into a byte"
def mixup(first, second, share):
    return first[0] + second[0], np.vstack((first[1], second[1])), np.hstack((first[2], second[2]))


# %% wrong="keeps the first boxes alone" hint="what was on the second picture is seen"
def mixup(first, second, share):
    image = (share * first[0] + (1 - share) * second[0]).astype(np.uint8)
    return image, first[1], first[2]


# %% wrong="keeps the boxes of the heavier picture twice" hint="every box of both pictures"
def mixup(first, second, share):
    image = (share * first[0] + (1 - share) * second[0]).astype(np.uint8)
    return image, np.vstack((first[1], first[1])), np.hstack((first[2], first[2]))


# %% wrong="swaps the weights" hint="the weights have changed places"
def mixup(first, second, share):
    image = ((1 - share) * first[0] + share * second[0]).astype(np.uint8)
    return image, np.vstack((first[1], second[1])), np.hstack((first[2], second[2]))


# %% wrong="takes the mean" hint="both pictures weigh the same"
def mixup(first, second, share):
    image = ((first[0].astype(int) + second[0]) // 2).astype(np.uint8)
    return image, np.vstack((first[1], second[1])), np.hstack((first[2], second[2]))


# %% wrong="gives floats" hint="a picture of floats"
def mixup(first, second, share):
    image = share * first[0] + (1 - share) * second[0]
    return image, np.vstack((first[1], second[1])), np.hstack((first[2], second[2]))


# %% wrong="does not look at the sizes" hint="two pictures of different sizes"
def mixup(first, second, share):
    other = cv2.resize(second[0], first[0].shape[1::-1])
    image = (share * first[0] + (1 - share) * other).astype(np.uint8)
    return image, np.vstack((first[1], second[1])), np.hstack((first[2], second[2]))


# %% wrong="puts the second boxes first" hint="in their order"
def mixup(first, second, share):
    image = (share * first[0] + (1 - share) * second[0]).astype(np.uint8)
    return image, np.vstack((second[1], first[1])), np.hstack((second[2], first[2]))


# %% wrong="puts the second classes first" hint="not those of the boxes beside them"
def mixup(first, second, share):
    image = (share * first[0] + (1 - share) * second[0]).astype(np.uint8)
    return image, np.vstack((first[1], second[1])), np.hstack((second[2], first[2]))


# %% wrong="shows the first picture only" hint="one of the two pictures is missing"
def mixup(first, second, share):
    return first[0], np.vstack((first[1], second[1])), np.hstack((first[2], second[2]))
