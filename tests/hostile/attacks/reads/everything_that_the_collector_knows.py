# Everything that the collector knows.
import gc
print([o for o in gc.get_objects() if isinstance(o, str) and ('canary' + '-') in o])
