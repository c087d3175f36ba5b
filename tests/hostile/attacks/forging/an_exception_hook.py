# An exception hook.
import sys
sys.excepthook = get_ipython().showtraceback = lambda *a, **k: None
