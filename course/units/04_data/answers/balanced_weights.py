# %% right="numpy"
def balanced_weights(classes):
    kinds = sorted({kind for each in classes for kind in each})
    shown = np.array([[kind in each for kind in kinds] for each in classes]).reshape(len(classes), len(kinds))
    if not kinds:
        return [1.0] * len(classes)
    weights = shown.sum(0).max() / shown.sum(0)
    return np.where(shown, weights, 1.0).max(1)


# %% right="a loop and a dict, in a tensor"
def balanced_weights(classes):
    pictures_of = {}
    for each in classes:
        for kind in set(each):
            pictures_of[kind] = pictures_of.get(kind, 0) + 1
    weights = torch.ones(len(classes), dtype=torch.float64)
    for place, each in enumerate(classes):
        if each:
            weights[place] = max(pictures_of.values()) / min(pictures_of[kind] for kind in each)
    return weights


# %% wrong="gives background the weight 0" hint="no background any more"
def balanced_weights(classes):
    pictures_of = Counter(kind for each in classes for kind in set(each))
    most = max(pictures_of.values(), default=1)
    return [max((most / pictures_of[kind] for kind in each), default=0.0) for each in classes]


# %% wrong="counts boxes" hint="it is still the only picture"
def balanced_weights(classes):
    boxes_of = Counter(kind for each in classes for kind in each)
    most = max(boxes_of.values(), default=1)
    return [max((most / boxes_of[kind] for kind in each), default=1.0) for each in classes]


# %% wrong="takes the commonest class of a picture" hint="not as its commonest"
def balanced_weights(classes):
    pictures_of = Counter(kind for each in classes for kind in set(each))
    most = max(pictures_of.values(), default=1)
    return [min((most / pictures_of[kind] for kind in each), default=1.0) for each in classes]


# %% wrong="takes the mean" hint="not as their mean"
def balanced_weights(classes):
    pictures_of = Counter(kind for each in classes for kind in set(each))
    most = max(pictures_of.values(), default=1)
    return [sum(most / pictures_of[kind] for kind in set(each)) / len(set(each)) if each else 1.0 for each in classes]


# %% wrong="adds up" hint="were added up"
def balanced_weights(classes):
    pictures_of = Counter(kind for each in classes for kind in set(each))
    most = max(pictures_of.values(), default=1)
    return [sum(most / pictures_of[kind] for kind in set(each)) or 1.0 for each in classes]


# %% wrong="turns the fraction over" hint="weighs less than the common one"
def balanced_weights(classes):
    pictures_of = Counter(kind for each in classes for kind in set(each))
    most = max(pictures_of.values(), default=1)
    return [min((pictures_of[kind] / most for kind in each), default=1.0) for each in classes]


# %% wrong="lets them add up to 1" hint="need not add up to 1"
def balanced_weights(classes):
    pictures_of = Counter(kind for each in classes for kind in set(each))
    most = max(pictures_of.values(), default=1)
    weights = [max((most / pictures_of[kind] for kind in each), default=1.0) for each in classes]
    return weights if len(pictures_of) < 2 else [weight / sum(weights) for weight in weights]


# %% wrong="gives the weights of the classes" hint="one for each picture, not for each class"
def balanced_weights(classes):
    pictures_of = Counter(kind for each in classes for kind in set(each))
    most = max(pictures_of.values(), default=1)
    return [most / count for count in pictures_of.values()] if len(pictures_of) > 1 else [1.0] * len(classes)


# %% wrong="believes that class numbers have no gaps" hint="IndexError" outcome="raised"
def balanced_weights(classes):
    kinds = {kind for each in classes for kind in each}
    counts = [sum(kind in each for each in classes) for kind in range(len(kinds))]
    most = max(counts, default=1)
    return [max((most / counts[kind] for kind in each), default=1.0) for each in classes]


# %% wrong="needs a box somewhere" hint="empty" outcome="raised"
def balanced_weights(classes):
    pictures_of = Counter(kind for each in classes for kind in set(each))
    most = max(pictures_of.values())
    return [max((most / pictures_of[kind] for kind in each), default=1.0) for each in classes]
