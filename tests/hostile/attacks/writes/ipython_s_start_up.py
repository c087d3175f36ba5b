# IPython's start-up.
import os
os.makedirs('/root/.ipython/profile_default/startup', exist_ok=True)
open('/root/.ipython/profile_default/startup/x.py', 'w').write('forged')
