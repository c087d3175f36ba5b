# %% right="stacks and copies"
def add_term(vector, items, name, term, weight, images):
    shown = dict(items)
    shown[name] = (term * weight).detach()
    return torch.stack([*vector, term * weight * images]), shown


# %% right="a longer vector, filled in"
def add_term(vector, items, name, term, weight, images):
    longer = F.pad(vector, (0, 1))
    end = torch.zeros_like(longer)
    end[-1] = 1
    return longer + end * (images * weight) * term, items | {name: term.detach() * weight}


# %% wrong="forgets the images in all" hint="and never times the images"
def add_term(vector, items, name, term, weight, images):
    return vector + weight * term, {**items, name: (weight * term).detach()}


# %% wrong="adds to all three" hint="each of three entries: it counts three times"
def add_term(vector, items, name, term, weight, images):
    return vector + weight * term * images, {**items, name: (weight * term).detach()}


# %% wrong="forgets the images" hint="the new one is not"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, weighted.view(1)]), {**items, name: weighted.detach()}


# %% wrong="forgets the weight" hint="no effect on what is learned"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, (term * images).view(1)]), {**items, name: weighted.detach()}


# %% wrong="forgets both" hint="neither weight nor number"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, (term * 1).view(1)]), {**items, name: weighted.detach()}


# %% wrong="only shows" hint="shown and not learned"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return vector, {**items, name: weighted.detach()}


# %% wrong="counts the images twice" hint="images twice"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, (weighted * images * images).view(1)]), {**items, name: weighted.detach()}


# %% wrong="multiplies all" hint="they are multiplied already"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, weighted.view(1)]) * images, {**items, name: weighted.detach()}


# %% wrong="divides by the number of terms" hint="grows by the wrong amount"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, (weighted * images / len(vector)).view(1)]), {**items, name: weighted.detach()}


# %% wrong="adds to one entry" hint="hides in an entry of another term"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return vector + F.pad((weighted * images).view(1), (0, len(vector) - 1)), {**items, name: weighted.detach()}


# %% wrong="puts it first" hint="the others stay as they are"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([(weighted * images).view(1), vector]), {**items, name: weighted.detach()}


# %% wrong="items as a tensor" hint="no dict end in"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, (weighted * images).view(1)]), torch.stack([*items.values(), weighted.detach()])


# %% wrong="does not show it" hint="the new name belongs at the end"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, (weighted * images).view(1)]), dict(items)


# %% wrong="shows it multiplied" hint="what is shown is not multiplied"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, (weighted * images).view(1)]), {**items, name: (weighted * images).detach()}


# %% wrong="shows it unweighted" hint="what is shown is weighted"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, (weighted * images).view(1)]), {**items, name: term.detach()}


# %% wrong="shows half of it" hint="shows another value than it has"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, (weighted * images).view(1)]), {**items, name: (weighted / 2).detach()}


# %% wrong="does not detach" hint="drags the graph"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, (weighted * images).view(1)]), {**items, name: weighted}


# %% wrong="cuts it off" hint="cut off from the graph"
def add_term(vector, items, name, term, weight, images):
    weighted = (weight * term).detach()
    return torch.cat([vector.requires_grad_(), (weighted * images).view(1)]), {**items, name: weighted.detach()}


# %% wrong="copies the number" hint="does not require grad" outcome="raised"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    return torch.cat([vector, torch.tensor([float(weighted * images)])]), {**items, name: weighted.detach()}


# %% wrong="writes into the dict" hint="the dict that was given has changed"
def add_term(vector, items, name, term, weight, images):
    weighted = weight * term
    items[name] = weighted.detach()
    return torch.cat([vector, (weighted * images).view(1)]), items
