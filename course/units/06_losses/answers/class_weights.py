# %% right="fills with the mean, then divides"
def class_weights(labels, nc):
    counts = torch.zeros(nc).index_add_(0, labels, torch.ones(len(labels)))
    present = counts > 0
    if not present.any():
        return torch.ones(nc)
    inverse = torch.where(present, 1 / counts.clamp(min=1), 0)
    mean = inverse.sum() / present.sum()
    return torch.where(present, inverse / mean, 1)


# %% right="one class after the other"
def class_weights(labels, nc):
    counts = [int((labels == k).sum()) for k in range(nc)]
    shares = [1 / count for count in counts if count]
    mean = sum(shares) / len(shares) if shares else 1
    return torch.tensor([1 / count / mean if count else 1.0 for count in counts], dtype=torch.float32)


# %% right="by numpy"
def class_weights(labels, nc):
    counts = np.bincount(labels.numpy(), minlength=nc).astype(np.float64)
    known = counts[counts > 0]
    if not len(known):
        return torch.ones(nc)
    typical = len(known) / (1 / known).sum()
    return torch.tensor(np.where(counts > 0, typical / np.maximum(counts, 1), 1.0), dtype=torch.float32)


# %% wrong="one weight too many" hint="one weight for each class"
def class_weights(labels, nc):
    counts = torch.bincount(labels, minlength=nc + 1)
    occurs = counts > 0
    weights = torch.ones(nc + 1)
    if occurs.any():
        inverse = 1 / counts[occurs].float()
        weights[occurs] = inverse / inverse.mean()
    return weights


# %% wrong="sums to one" hint="the weights sum to 1"
def class_weights(labels, nc):
    counts = torch.bincount(labels, minlength=nc)
    occurs = counts > 0
    weights = torch.ones(nc)
    if occurs.any():
        inverse = 1 / counts[occurs].float()
        weights[occurs] = inverse / inverse.sum()
    return weights


# %% wrong="weighs by the count" hint="it should weigh more"
def class_weights(labels, nc):
    counts = torch.bincount(labels, minlength=nc)
    occurs = counts > 0
    weights = torch.ones(nc)
    if occurs.any():
        inverse = counts[occurs].float()
        weights[occurs] = inverse / inverse.mean()
    return weights


# %% wrong="takes the root" hint="three times more"
def class_weights(labels, nc):
    counts = torch.bincount(labels, minlength=nc)
    occurs = counts > 0
    weights = torch.ones(nc)
    if occurs.any():
        inverse = 1 / counts[occurs].float().sqrt()
        weights[occurs] = inverse / inverse.mean()
    return weights


# %% wrong="divides by the largest" hint="the mean of the weights is to be 1"
def class_weights(labels, nc):
    counts = torch.bincount(labels, minlength=nc)
    occurs = counts > 0
    weights = torch.ones(nc)
    if occurs.any():
        inverse = 1 / counts[occurs].float()
        weights[occurs] = inverse / inverse.max()
    return weights


# %% wrong="forgets minlength" hint="how long is what"
def class_weights(labels, nc):
    counts = torch.bincount(labels)
    occurs = counts > 0
    weights = torch.ones(len(counts))
    inverse = 1 / counts[occurs].float()
    weights[occurs] = inverse / inverse.mean()
    return weights


# %% wrong="gives the absent one NaN" hint="makes a weight NaN"
def class_weights(labels, nc):
    weights = 1 / torch.bincount(labels, minlength=nc).float()
    return weights / weights.mean()


# %% wrong="gives the absent one infinity" hint="an infinite weight"
def class_weights(labels, nc):
    weights = 1 / torch.bincount(labels, minlength=nc).float()
    return weights / weights[weights.isfinite()].mean()


# %% wrong="gives the absent one nothing" hint="a weight is 0"
def class_weights(labels, nc):
    counts = torch.bincount(labels, minlength=nc)
    occurs = counts > 0
    weights = torch.zeros(nc)
    if occurs.any():
        inverse = 1 / counts[occurs].float()
        weights[occurs] = inverse / inverse.mean()
    return weights


# %% wrong="adds a tiny number to the counts" hint="takes all the weight"
def class_weights(labels, nc):
    weights = 1 / (torch.bincount(labels, minlength=nc).float() + 1e-6)
    return weights / weights.mean()


# %% wrong="counts the absent one once" hint="the absent one disturbs"
def class_weights(labels, nc):
    weights = 1 / torch.bincount(labels, minlength=nc).float().clamp(min=1)
    return weights / weights.mean()


# %% wrong="gives the absent one the largest" hint="does not occur weighs 1"
def class_weights(labels, nc):
    counts = torch.bincount(labels, minlength=nc)
    occurs = counts > 0
    weights = torch.ones(nc)
    if occurs.any():
        inverse = 1 / counts[occurs].float()
        weights[occurs] = inverse / inverse.mean()
    weights[~occurs] = weights.max()
    return weights


# %% wrong="breaks without samples" hint="without any sample"
def class_weights(labels, nc):
    counts = torch.bincount(labels, minlength=nc)
    occurs = counts > 0
    weights = torch.ones(nc)
    inverse = 1 / counts[occurs].float()
    weights[occurs] = inverse / inverse.mean()
    return weights if occurs.any() else weights * 0


# %% wrong="computes in float64" hint="weights are float32"
def class_weights(labels, nc):
    counts = torch.bincount(labels, minlength=nc)
    occurs = counts > 0
    weights = torch.ones(nc)
    if occurs.any():
        inverse = 1 / counts[occurs].float()
        weights[occurs] = inverse / inverse.mean()
    return weights.double()


# %% wrong="limits the weights" hint="other labels get other weights"
def class_weights(labels, nc):
    counts = torch.bincount(labels, minlength=nc)
    occurs = counts > 0
    weights = torch.ones(nc)
    if occurs.any():
        inverse = 1 / counts[occurs].float()
        weights[occurs] = inverse / inverse.mean()
    return weights.clamp(max=3)
