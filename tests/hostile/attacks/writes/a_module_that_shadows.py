# A module that shadows.
open('torch.py', 'w').write('raise SystemExit')
open('json.py', 'w').write('1/0')
