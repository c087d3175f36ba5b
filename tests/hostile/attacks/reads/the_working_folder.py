# The working folder.
import os
print(os.listdir('.'), [open(n).read() for n in os.listdir('.') if os.path.isfile(n)])
