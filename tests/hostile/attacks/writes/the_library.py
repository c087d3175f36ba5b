# The library.
import yolo_course.grading.checks as c
open(c.__file__, 'a').write('forged')
