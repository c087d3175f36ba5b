# A trace.
import sys
sys.settrace(lambda *a: None)
sys.setprofile(lambda *a: None)
