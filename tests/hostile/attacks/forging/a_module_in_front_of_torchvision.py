# A module in front of torchvision.
import sys, types
sys.modules['torchvision'] = types.ModuleType('torchvision')
