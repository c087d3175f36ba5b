# %% right="two linear layers and a padded sum by hand"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        least = 8 if c > 8 else c
        hidden = c // reduction if c // reduction > least else least
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)
        self.place = nn.Conv2d(2, 1, k, padding="same", bias=False)

    def network(self, v):
        return self.widen(torch.relu(self.squeeze(v)))

    def forward(self, x):
        b, c, h, w = x.shape
        pixels = x.reshape(b, c, h * w)
        gate = torch.sigmoid(self.network(pixels.mean(2)) + self.network(pixels.max(2).values))
        x = (pixels * gate.unsqueeze(2)).reshape(b, c, h, w)
        maps = torch.stack((x.max(dim=1)[0], x.mean(dim=1)), dim=1)
        return torch.sigmoid(self.place(maps)) * x


# %% right="adaptive pooling and both summaries in one pass"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(8, c))
        self.down, self.up = nn.Conv2d(c, hidden, 1), nn.Conv2d(hidden, c, 1)
        self.kernel = nn.Parameter(torch.randn(1, 2, k, k) * 0.1)

    def forward(self, x):
        told = torch.cat((F.adaptive_avg_pool2d(x, 1), F.adaptive_max_pool2d(x, 1)), 3)
        x = x * self.up(F.relu(self.down(told))).sum(3, keepdim=True).sigmoid()
        maps = torch.cat((torch.mean(x, 1, True), torch.amax(x, 1, True)), 1)
        return x * F.conv2d(maps, self.kernel, padding=self.kernel.shape[-1] // 2).sigmoid()


# %% wrong="returns the gates instead of the map" hint="shape of its input"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="a sigmoid for each answer" hint="halved once"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)).sigmoid() + self.mlp(x.amax((2, 3), keepdim=True)).sigmoid())
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="adds the input at the end" hint="added once more"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        y = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x + y * self.conv(torch.cat((y.mean(1, keepdim=True), y.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="no sigmoid on the spatial gate" hint="lacks its sigmoid"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1))


# %% wrong="two networks" hint="a network of their own"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.a = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.b = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.a(x.mean((2, 3), keepdim=True)) + self.b(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="no bias in the network" hint="have no bias"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1, bias=False), nn.ReLU(), nn.Conv2d(hidden, c, 1, bias=False))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="a bias on the spatial kernel" hint="convolution has a bias"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="always a 7×7 kernel" hint="`k` has no effect"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, 7, padding=3, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="the spatial gate reads the mean alone" hint="reads one map"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(x.mean(1, keepdim=True)).sigmoid()


# %% wrong="ignores the reduction" hint="number of parameters is off"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        self.mlp = nn.Sequential(nn.Conv2d(c, c, 1), nn.ReLU(), nn.Conv2d(c, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="reads the mean only" hint="reads the mean only"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * self.mlp(x.mean((2, 3), keepdim=True)).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="reads the maximum only" hint="reads the maximum only"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * self.mlp(x.amax((2, 3), keepdim=True)).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="averages the two answers" hint="are averaged"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        both = self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))
        x = x * (both / 2).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="multiplies the two answers" hint="are multiplied"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) * self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="the spatial gate comes first" hint="comes first"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()
        return x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()


# %% wrong="both gates read the input" hint="reads the input"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        channel = (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        place = self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()
        return x * channel * place


# %% wrong="no ReLU between the two convolutions" hint="nothing stands between"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="one hidden channel in narrow blocks" hint="keeps 8 channels"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, 1)
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="forgets the padding" hint="must match the size" outcome="raised"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k - 2, padding=0, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="builds the channel gate from Conv" hint="has norms in it"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(Conv(c, hidden, 1, act=nn.ReLU()), Conv(hidden, c, 1, act=False))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="a SiLU between the two convolutions" hint="a SiLU stands between"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.SiLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="a sigmoid between the two convolutions" hint="a sigmoid stands between"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.Sigmoid(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="a LeakyReLU between the two convolutions" hint="line by line"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.LeakyReLU(0.1), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="keeps five hidden channels only" hint="too narrow"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 5))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="keeps sixteen hidden channels" hint="too wide"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 16))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="a hidden layer wider than the map" hint="never wider than the map"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, 8)
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="halves the hidden layer of narrow maps" hint="all 4 of them are kept"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c // 2, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()


# %% wrong="computes the gates without gradient" hint="cut off from the gradient"
class ChannelSpatialAttention(nn.Module):
    def __init__(self, c, reduction=16, k=7):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        with torch.no_grad():
            gate = (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        x = x * gate
        return x * self.conv(torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)).sigmoid()
