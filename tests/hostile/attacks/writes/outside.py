# Outside.
import os
os.makedirs('{course}/new', exist_ok=True)
open('{course}/new/x', 'w').write('x')
