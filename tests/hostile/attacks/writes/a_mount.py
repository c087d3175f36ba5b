# A mount.
import ctypes
print(ctypes.CDLL(None).mount(b'x', b'/usr', b'tmpfs', 0, None))
