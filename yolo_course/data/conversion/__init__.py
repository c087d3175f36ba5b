"""Pascal VOC, COCO and YOLO labels, from any of them to the others."""
