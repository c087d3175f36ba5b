# A huge tensor.
import torch
torch.zeros(1 << 40)
