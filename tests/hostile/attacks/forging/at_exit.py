# At exit.
import atexit, os
atexit.register(lambda: os._exit(0))
