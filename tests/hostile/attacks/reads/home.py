# Home.
import os
print(os.listdir(os.path.expanduser('~')), os.listdir('/root'))
