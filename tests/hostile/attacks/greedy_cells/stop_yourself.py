# Stop yourself.
import os
os.kill(os.getpid(), 19)
