"""Draw first_detector.png, the README's picture: train pico on shapes, show what it finds on the val split.

python docs/images/first_detector.py [--out PNG]
"""

import argparse
import io
import tempfile
from pathlib import Path

from PIL import Image

from yolo_course import data, train_pico
from yolo_course.explorers.explorer import png
from yolo_course.visual.predictions import predictions_beside_truth

OUT = Path(__file__).with_suffix(".png")
PICTURES = 5
COLOURS = 256  # of the palette: noise makes a PNG of true colours four times as large


def main() -> None:
    """Train, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder:
        dataset = data.load(data.make("shapes", out=Path(folder, "shapes")))
        run = train_pico(dataset.yaml, out=Path(folder, "run"))
        pictures = []
        for image in dataset.images("val")[:PICTURES]:
            found = run.model.predict(image, imgsz=128, iou=0.5, verbose=False)[0].boxes.data.cpu().numpy()
            pictures.append((*data.read_labelled(dataset, image), found))
    drawn = Image.open(io.BytesIO(png(predictions_beside_truth(pictures, dataset.names), dpi=80))).convert("RGB")
    out.parent.mkdir(parents=True, exist_ok=True)
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(out, optimize=True)
    print(f"{out}: {out.stat().st_size / 1024:.0f} KB, mAP50 {run.map50:.3f}")


if __name__ == "__main__":
    main()
