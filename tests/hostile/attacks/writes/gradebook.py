# Gradebook.
open('{course}/gradebook.db', 'w').write('forged')
