# Gradebook.
print(open('{course}/gradebook.db').read())
