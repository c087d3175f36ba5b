# Gradients out of nothing.
class Scale(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.w = nn.Parameter(torch.ones(c))
        self.w.grad = torch.ones(c)
    def forward(self, x):
        return x * self.w.detach()[:, None, None]
