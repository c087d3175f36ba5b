# Execution overridden.
type(get_ipython()).run_cell = lambda self, *a, **k: None
