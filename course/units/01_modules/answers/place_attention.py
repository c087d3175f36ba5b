# %% right="attention with the batch first"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.attention = nn.MultiheadAttention(c, heads, batch_first=True)
        self.mlp = nn.Sequential(nn.LayerNorm(c), nn.Linear(c, 2 * c), nn.GELU(), nn.Linear(2 * c, c))

    def forward(self, x):
        tokens = x.flatten(2).transpose(1, 2)
        tokens = tokens + self.attention(tokens, tokens, tokens)[0]
        tokens = tokens + self.mlp(tokens)
        return tokens.transpose(1, 2).reshape(x.shape)


# %% right="one image after the other"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.layer = TransformerLayer(c, heads)

    def one(self, image):
        c, h, w = image.shape
        return self.layer(image.view(c, h * w).t()[:, None]).squeeze(1).t().reshape(c, h, w)

    def forward(self, x):
        return torch.stack([self.one(image) for image in x])


# %% right="scores and softmax by hand"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.heads, self.qkv, self.out = heads, nn.Conv2d(c, 3 * c, 1), nn.Conv2d(c, c, 1)

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.qkv(x).reshape(b, 3, self.heads, c // self.heads, h * w).unbind(1)
        weights = torch.einsum("bndp,bndq->bnpq", q, k).div((c // self.heads) ** 0.5).softmax(-1)
        return x + self.out(torch.einsum("bnpq,bndq->bndp", weights, v).reshape(b, c, h, w))


# %% wrong="another attention, still with the batch in the place of the sequence" hint="look at each other"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.attention = nn.MultiheadAttention(c, heads)

    def forward(self, x):
        tokens = x.flatten(2).transpose(1, 2)
        tokens = tokens + self.attention(tokens, tokens, tokens)[0]
        return tokens.transpose(1, 2).reshape(x.shape)


# %% wrong="reshapes instead of permuting" hint="a reshape mixes places"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.layer = TransformerLayer(c, heads)

    def forward(self, x):
        b, c, h, w = x.shape
        return self.layer(x.reshape(h * w, b, c)).reshape(b, c, h, w)


# %% wrong="hands tokens on" hint="tokens come out"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.layer = TransformerLayer(c, heads)

    def forward(self, x):
        return self.layer(x.flatten(2).permute(2, 0, 1))


# %% wrong="swaps height and width" hint="have changed places"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.layer = TransformerLayer(c, heads)

    def forward(self, x):
        b, c, h, w = x.shape
        return self.layer(x.flatten(2).permute(2, 0, 1)).permute(1, 2, 0).reshape(b, c, w, h)


# %% wrong="repeats the answer for image 0" hint="second image of a batch"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.layer = TransformerLayer(c, heads)

    def forward(self, x):
        tokens = self.layer(x[:1].flatten(2).permute(2, 0, 1))
        return tokens.permute(1, 2, 0).reshape(x[:1].shape).expand_as(x)


# %% wrong="detaches the places by making each a batch of its own" hint="moves nothing at any other place"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.layer = TransformerLayer(c, heads)

    def forward(self, x):
        b, c, h, w = x.shape
        tokens = x.permute(0, 2, 3, 1).reshape(1, b * h * w, c)
        return self.layer(tokens).reshape(b, h, w, c).permute(0, 3, 1, 2)


# %% wrong="takes the rows for the sequence" hint="its own column only"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.layer = TransformerLayer(c, heads)

    def forward(self, x):
        b, c, h, w = x.shape
        tokens = x.permute(2, 0, 3, 1).reshape(h, b * w, c)
        return self.layer(tokens).reshape(h, b, w, c).permute(1, 3, 0, 2)


# %% wrong="takes the columns for the sequence" hint="its own row only"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.layer = TransformerLayer(c, heads)

    def forward(self, x):
        b, c, h, w = x.shape
        tokens = x.permute(3, 0, 2, 1).reshape(w, b * h, c)
        return self.layer(tokens).reshape(w, b, h, c).permute(1, 3, 2, 0)


# %% wrong="learns a position for each of 400 places" hint="must match" outcome="raised"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.layer, self.position = TransformerLayer(c, heads), nn.Parameter(torch.zeros(400, 1, c))

    def forward(self, x):
        tokens = self.layer(x.flatten(2).permute(2, 0, 1) + self.position)
        return tokens.permute(1, 2, 0).reshape(x.shape)


# %% wrong="computes the attention without gradient" hint="it would never learn"
class PlaceAttention(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.layer = TransformerLayer(c, heads)

    @torch.no_grad()
    def attend(self, tokens):
        return self.layer(tokens)

    def forward(self, x):
        return self.attend(x.flatten(2).permute(2, 0, 1)).permute(1, 2, 0).reshape(x.shape)
