# An import hook.
import sys
class Hook:
    def find_spec(self, *a): raise ImportError
sys.meta_path.insert(0, Hook())
