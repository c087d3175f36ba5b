# %% right="the logarithm from logsigmoid"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    yes = alpha * (1 - logits.sigmoid()) ** gamma * F.logsigmoid(logits)
    no = (1 - alpha) * logits.sigmoid() ** gamma * F.logsigmoid(-logits)
    return -(targets * yes + (1 - targets) * no)


# %% right="turns the sign of the logit"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    for_truth = torch.where(targets > 0.5, logits, -logits)
    share = torch.where(targets > 0.5, alpha, 1 - alpha)
    return share.to(logits.dtype) * torch.sigmoid(-for_truth) ** gamma * F.softplus(-for_truth)


# %% right="p_t from the cross entropy itself"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    right = torch.exp(-cost)
    alpha_t = (1 - alpha) + (2 * alpha - 1) * targets
    return alpha_t * torch.pow(1 - right, gamma) * cost


# %% wrong="calls the library" hint="a library's own focal loss"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    return torchvision.ops.sigmoid_focal_loss(logits, targets, alpha, gamma)


# %% wrong="forgets reduction" hint="an average hides in there"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets)
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="averages" hint="each answer must keep its own cost"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return (weight * miss**gamma * cost).mean()


# %% wrong="sums over the classes" hint="twelve costs must come out"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return (weight * miss**gamma * cost).sum(-1)


# %% wrong="weighs the zeros with alpha" hint="have changed places, or a softmax"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = (1 - alpha) * targets + alpha * (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="negative" hint="the cost is negative"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return -weight * miss**gamma * cost


# %% wrong="the sigmoid twice" hint="went through a sigmoid twice"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits.sigmoid(), targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="the logarithm of base 2" hint="with gamma 0 and alpha 1"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost / math.log(2)


# %% wrong="forgets alpha" hint="alpha has no effect on a one"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    return miss**gamma * cost


# %% wrong="applies alpha twice" hint="alpha is applied twice"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * weight * miss**gamma * cost


# %% wrong="weighs all with alpha" hint="yours weigh alpha like the ones"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha
    return weight * miss**gamma * cost


# %% wrong="weighs the ones only" hint="the zeros have no weight"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="leaves out the background" hint="background must be learned too"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets
    return weight * miss**gamma * cost


# %% wrong="takes p_t for what is missed" hint="the easy answer is turned up"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = p * targets + (1 - p) * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="forgets gamma" hint="an easy answer costs as much as before"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * cost


# %% wrong="gamma is 1 by default" hint="this looks like 1"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=1.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="takes 1 - p for both" hint="wrong by p and not by 1 - p"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = 1 - p
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="turns only the ones down" hint="gamma has no effect on the zeros"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + 1 * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="always squares" hint="has no effect: they were 1 and 0"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**2 * cost


# %% wrong="at most squares" hint="it was 3 here"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss ** min(gamma, 2.0) * cost


# %% wrong="another default of alpha" hint="the default of alpha is 0.25"
def sigmoid_focal(logits, targets, alpha=0.75, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="takes the logarithm of p" hint="before the logarithm"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    p = logits.sigmoid()
    cost = -(targets * p.log() + (1 - targets) * (1 - p).log())
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="clamps p" hint="clamping hides how wrong it is"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    p = logits.sigmoid().clamp(1e-7, 1 - 1e-7)
    cost = -(targets * p.log() + (1 - targets) * (1 - p).log())
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="holds the factor constant" hint="held constant"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid().detach()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost


# %% wrong="computes in float32" hint="must give float64 costs"
def sigmoid_focal(logits, targets, alpha=0.25, gamma=2.0):
    logits, targets = logits.float(), targets.float()
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost
