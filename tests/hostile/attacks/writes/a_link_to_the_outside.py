# A link to the outside.
import os
os.symlink('{course}/gradebook.db', '/tmp/link')
open('/tmp/link', 'w').write('forged')
