# The line cache.
import linecache
print(list(linecache.cache))
