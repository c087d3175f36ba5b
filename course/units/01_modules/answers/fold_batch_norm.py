# %% right="a diagonal matrix times the kernels laid flat"
def fold_batch_norm(conv, bn):
    scale = torch.diag(bn.weight.div((bn.running_var + bn.eps).sqrt()))
    weight = (scale @ conv.weight.flatten(1)).view_as(conv.weight)
    bias = bn.bias - scale @ bn.running_mean
    return weight, bias if conv.bias is None else bias + scale @ conv.bias


# %% right="asks the norm what it does to zero and to one"
def fold_batch_norm(conv, bn):
    def normed(value):
        x = torch.full((1, len(bn.weight), 1, 1), value)
        return F.batch_norm(x, bn.running_mean, bn.running_var, bn.weight, bn.bias, False, 0.0, bn.eps).flatten()

    added, scale = normed(0.0), normed(1.0) - normed(0.0)
    weight = torch.einsum("o,oikl->oikl", scale, conv.weight)
    return weight, added if conv.bias is None else added + scale * conv.bias


# %% right="one channel after the other, in a list"
def fold_batch_norm(conv, bn):
    weight, bias = conv.weight.detach().clone(), torch.zeros(conv.out_channels)
    for o in range(conv.out_channels):
        std = math.sqrt(bn.running_var[o].item() + bn.eps)
        weight[o] *= bn.weight[o].item() / std
        own = conv.bias[o].item() if conv.bias is not None else 0.0
        bias[o] = (own - bn.running_mean[o].item()) / std * bn.weight[o].item() + bn.bias[o].item()
    return [weight, bias]


# %% wrong="calls the library" hint="library's own folding"
def fold_batch_norm(conv, bn):
    return torch.nn.utils.fusion.fuse_conv_bn_weights(
        conv.weight, conv.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias
    )


# %% wrong="gives the weight alone" hint="two things back"
def fold_batch_norm(conv, bn):
    return conv.weight * (bn.weight / torch.sqrt(bn.running_var + bn.eps))[:, None, None, None]


# %% wrong="scales along the last dimension" hint="must match the size" outcome="raised"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    return conv.weight * scale, (conv.bias - bn.running_mean) * scale + bn.bias


# %% wrong="scales the input channels" hint="lands on the input channels"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[None, :, None, None], (before - bn.running_mean) * scale + bn.bias


# %% wrong="forgets the norm's weight" hint="own `weight` has no effect"
def fold_batch_norm(conv, bn):
    scale = 1 / torch.sqrt(bn.running_var + bn.eps)
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], (before - bn.running_mean) * scale + bn.bias


# %% wrong="forgets the variance" hint="`running_var` has no effect"
def fold_batch_norm(conv, bn):
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * bn.weight[:, None, None, None], (before - bn.running_mean) * bn.weight + bn.bias


# %% wrong="divides by the variance" hint="divide by the variance"
def fold_batch_norm(conv, bn):
    scale = bn.weight / (bn.running_var + bn.eps)
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], (before - bn.running_mean) * scale + bn.bias


# %% wrong="multiplies by the deviation" hint="must become smaller"
def fold_batch_norm(conv, bn):
    scale = bn.weight * torch.sqrt(bn.running_var + bn.eps)
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], (before - bn.running_mean) * scale + bn.bias


# %% wrong="writes a fixed eps" hint="number of your own"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + 1e-5)
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], (before - bn.running_mean) * scale + bn.bias


# %% wrong="adds eps after the root" hint="added in the wrong place"
def fold_batch_norm(conv, bn):
    scale = bn.weight / (torch.sqrt(bn.running_var) + bn.eps)
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], (before - bn.running_mean) * scale + bn.bias


# %% wrong="forgets the norm's bias" hint="norm's own `bias` is lost"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], (before - bn.running_mean) * scale


# %% wrong="scales the norm's bias" hint="adds its `bias` last"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], (before - bn.running_mean + bn.bias) * scale


# %% wrong="forgets the mean" hint="`running_mean` is lost"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    before = torch.zeros_like(bn.bias) if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], before * scale + bn.bias


# %% wrong="adds the mean" hint="wrong sign"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], (before + bn.running_mean) * scale + bn.bias


# %% wrong="does not scale the mean" hint="must be scaled too"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], before * scale - bn.running_mean + bn.bias


# %% wrong="forgets the convolution's bias" hint="convolution's own bias is lost"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    return conv.weight * scale[:, None, None, None], bn.bias - bn.running_mean * scale


# %% wrong="does not scale the convolution's bias" hint="goes through the norm"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], bn.bias - bn.running_mean * scale + before


# %% wrong="changes the convolution" hint="you were given has changed"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    before = torch.zeros_like(bn.bias) if conv.bias is None else conv.bias
    conv.weight.data.mul_(scale[:, None, None, None])
    return conv.weight.clone(), (before - bn.running_mean) * scale + bn.bias


# %% wrong="asks the norm itself, in the mode it is in" hint="in training mode is folded otherwise"
def fold_batch_norm(conv, bn):
    levels = torch.tensor([0.0, 1.0]).view(2, 1, 1, 1).expand(2, len(bn.weight), 2, 2)
    zero, one = bn(levels)[:, :, 0, 0]
    scale, before = one - zero, 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], zero + before * scale


# %% wrong="switches the norm to eval mode" hint="and no longer is"
def fold_batch_norm(conv, bn):
    bn.eval()
    levels = torch.tensor([0.0, 1.0]).view(2, 1, 1, 1).expand(2, len(bn.weight), 1, 1)
    zero, one = bn(levels)[:, :, 0, 0]
    scale, before = one - zero, 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], zero + before * scale


# %% wrong="adds eps to the stored variance" hint="you were given has stored has changed"
def fold_batch_norm(conv, bn):
    scale = bn.weight / bn.running_var.add_(bn.eps).sqrt()
    before = 0 if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], (before - bn.running_mean) * scale + bn.bias


# %% wrong="computes in the convolution's bias" hint="the bias of the convolution you were given"
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    before = torch.zeros_like(bn.bias) if conv.bias is None else conv.bias.data
    return conv.weight * scale[:, None, None, None], before.sub_(bn.running_mean).mul_(scale).add_(bn.bias)
