// The scores of a box against a target, IoU, GIoU, DIoU and CIoU, with their slopes; and what a step downhill does.
// A box is [centre x, centre y, width, height] on a plane of 100 by 100; y grows downwards.

const PLANE = 100;
const SIDE = { least: 6, most: 80 };
const EPS = 1e-7;

// A dual number is [value, slope along x, along y, along w, along h]: the chain rule, carried along with each step.
const constant = (value) => [value, 0, 0, 0, 0];
const variable = (value, place) => [value, 0, 0, 0, 0].map((each, i) => (i === place + 1 ? 1 : each));
const add = (a, b) => a.map((each, i) => each + b[i]);
const sub = (a, b) => a.map((each, i) => each - b[i]);
const times = (a, k) => a.map((each) => each * k);
const mul = (a, b) => a.map((each, i) => (i ? each * b[0] + a[0] * b[i] : a[0] * b[0]));
const div = (a, b) => a.map((each, i) => (i ? (each * b[0] - a[0] * b[i]) / b[0] ** 2 : a[0] / b[0]));
const atan = (a) => a.map((each, i) => (i ? each / (1 + a[0] ** 2) : Math.atan(a[0])));
const larger = (a, b) => (a[0] === b[0] ? times(add(a, b), 0.5) : a[0] > b[0] ? a : b);
const smaller = (a, b) => times(larger(times(a, -1), times(b, -1)), -1);
const square = (a) => mul(a, a);

function edges([x, y, w, h]) {
  return [sub(x, times(w, 0.5)), sub(y, times(h, 0.5)), add(x, times(w, 0.5)), add(y, times(h, 0.5))];
}

/** The four scores of a box, each as [value, slope along x, y, w, h of that box]. The loss is 1 minus the value. */
export function scores(box, target) {
  const [, , w, h] = box.map(variable);
  const [left, top, right, bottom] = edges(box.map(variable));
  const [, , W, H] = target.map(constant);
  const [Left, Top, Right, Bottom] = edges(target.map(constant));
  const shared = [sub(smaller(right, Right), larger(left, Left)), sub(smaller(bottom, Bottom), larger(top, Top))];
  const apart = shared.some(([length]) => length <= 0);
  const overlap = apart ? constant(0) : mul(...shared);
  const union = sub(add(mul(w, h), mul(W, H)), overlap);
  const iou = div(overlap, add(union, constant(EPS)));

  const wide = sub(larger(right, Right), smaller(left, Left)); // of the smallest box around both
  const high = sub(larger(bottom, Bottom), smaller(top, Top));
  const around = add(mul(wide, high), constant(EPS));
  const giou = sub(iou, div(sub(around, union), around));

  const [x, y] = box.map(variable);
  const between = add(square(sub(x, constant(target[0]))), square(sub(y, constant(target[1]))));
  const diou = sub(iou, div(between, add(add(square(wide), square(high)), constant(EPS))));

  const v = times(square(sub(atan(div(W, H)), atan(div(w, h)))), 4 / Math.PI ** 2);
  const alpha = v[0] / (1 - iou[0] + v[0] + EPS); // a plain number: no slope flows through it
  return { iou, giou, diou, ciou: sub(diou, times(v, alpha)) };
}

/** One step down the slope of a loss: the box as it is after it. */
export function descend(box, target, kind, rate = 60) {
  const [, ...slopes] = scores(box, target)[kind];
  return limited(box.map((each, i) => each + rate * slopes[i]));
}

function limited([x, y, w, h]) {
  const within = (value, least, most) => Math.min(Math.max(value, least), most);
  return [
    within(x, 0, PLANE), within(y, 0, PLANE),
    within(w, SIDE.least, SIDE.most), within(h, SIDE.least, SIDE.most),
  ];
}
