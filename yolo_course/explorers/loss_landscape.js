// Drag a box, see the four scores of box_scores.js and their slopes. All is computed here: no kernel is needed.
// The Python side puts the two files together into one module.

const KINDS = ["iou", "giou", "diou", "ciou"];
const NAMES = { iou: "IoU", giou: "GIoU", diou: "DIoU", ciou: "CIoU" };
const CELLS = 64; // squares of the landscape in a row
const FLAT = 1e-6; // a smaller slope moves nothing

/** What the loss is worth, as a colour: bands of a tenth, pale where the boxes agree. */
function colour(loss) {
  const share = Math.min(Math.floor(loss * 10) / 20, 1);
  return [236 - 205 * share, 244 - 175 * share, 250 - 115 * share];
}

/** A picture of the loss with the prediction's centre at each place of the plane, its size kept. */
function landscape([, , w, h], target, kind) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = CELLS;
  const brush = canvas.getContext("2d");
  const picture = brush.createImageData(CELLS, CELLS);
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const centre = [column, row].map((cell) => ((cell + 0.5) / CELLS) * PLANE);
      const loss = 1 - scores([...centre, w, h], target)[kind][0];
      picture.data.set([...colour(loss), 255], 4 * (row * CELLS + column));
    }
  }
  brush.putImageData(picture, 0, 0);
  return canvas.toDataURL();
}

function tell(box, target, kind) {
  const [score, ...slopes] = scores(box, target)[kind];
  const ways = [["left", "right"], ["up", "down"], ["narrower", "wider"], ["lower", "taller"]];
  const words = slopes.map((slope, i) => (Math.abs(slope) < FLAT ? "" : ways[i][slope > 0 ? 1 : 0]));
  const moves = words.slice(0, 2).filter(Boolean).join(" and ");
  const grows = words.slice(2).filter(Boolean).join(" and ");
  const told = [moves && `moves the box ${moves}`, grows && `makes it ${grows}`].filter(Boolean).join(" and ");
  const size = `${box[2].toFixed(0)} × ${box[3].toFixed(0)}`;
  const [worth, loss] = [score, 1 - score].map((each) => each.toFixed(3));
  const begin = `<b>${NAMES[kind]}</b> of a ${size} box: ${worth}, so the loss is ${loss}.`;
  return `${begin} ${told ? `Its gradient ${told}.` : "Its gradient is zero: nothing tells the box where to go."}`;
}

const BODY = `
  <div class="plane">
    <img class="explorer-picture" alt="">
    <svg viewBox="0 0 ${PLANE} ${PLANE}">
      <defs>
        <marker id="loss-landscape-tip" viewBox="0 0 6 6" refX="4" refY="3" markerWidth="5" markerHeight="5"
          orient="auto"><path d="M0 0 L6 3 L0 6 z"/></marker>
      </defs>
      <polyline class="path"/>
      <rect class="target"/><text class="target-name">target</text>
      <rect class="box" tabindex="0" role="img"/>
      <line class="pull" marker-end="url(#loss-landscape-tip)"/>
      <circle class="handle" r="2.4"/>
    </svg>
  </div>
  <div class="side">
    <p class="explorer-sentence" aria-live="polite"></p>
    <table>
      <thead><tr><th></th><th>score</th><th>∂x</th><th>∂y</th><th>∂w</th><th>∂h</th></tr></thead>
      <tbody>${KINDS.map((kind) => `<tr data-kind="${kind}"><th><label>
        <input type="radio" value="${kind}"> ${NAMES[kind]}</label></th>${"<td></td>".repeat(5)}</tr>`).join("")}
      </tbody>
    </table>
    <p class="note">∂: the slope of the loss, times 100. The box moves against it.</p>
    <label class="size">width <input type="range" name="w" min="${SIDE.least}" max="${SIDE.most}"><output></output></label>
    <label class="size">height <input type="range" name="h" min="${SIDE.least}" max="${SIDE.most}"><output></output></label>
    <button class="descend">Go 40 steps downhill</button> <button class="again">Start over</button>
    <p class="note">Drag the blue box to move it, its round handle to change its size. Or use the arrow keys.</p>
  </div>`;

/** Show the explorer in `el`. `model` keeps box, target and kind: a widget's model, or `still` below. */
function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "loss-landscape";
  root.dataset.lmSuppressShortcuts = "true"; // arrow keys are for the box, not for JupyterLab
  root.innerHTML = BODY;
  el.replaceChildren(root);
  const find = (selector) => root.querySelector(selector);
  const radios = root.querySelectorAll("input[type=radio]");
  const group = `kind-${Math.random().toString(36).slice(2)}`; // two explorers on a page have groups of their own
  radios.forEach((radio) => (radio.name = group));
  const start = model.get("box");
  let path = [];
  let drawn = "";

  const state = () => ({ box: model.get("box"), target: model.get("target"), kind: model.get("kind") });
  const put = (changes) => {
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  };
  const moveTo = (box) => {
    path = [];
    put({ box: limited(box) });
  };

  function draw() {
    const { box, target, kind } = state();
    const shape = JSON.stringify([box.slice(2), target, kind]);
    if (shape !== drawn) find(".explorer-picture").src = landscape(box, target, kind);
    drawn = shape;
    place(find(".target"), target);
    place(find(".box"), box);
    set(find(".target-name"), { x: target[0], y: target[1] });
    set(find(".handle"), { cx: box[0] + box[2] / 2, cy: box[1] + box[3] / 2 });
    find(".box").setAttribute("aria-label", `predicted box, centre ${box[0].toFixed(0)}, ${box[1].toFixed(0)}`);
    find(".path").setAttribute("points", path.map((each) => `${each[0]},${each[1]}`).join(" "));
    const found = scores(box, target);
    pull(find(".pull"), box, found[kind]);
    for (const row of root.querySelectorAll("tr[data-kind]")) {
      fill(row, found[row.dataset.kind], row.dataset.kind === kind);
    }
    find(".explorer-sentence").innerHTML = tell(box, target, kind);
    for (const [name, side] of [["w", box[2]], ["h", box[3]]]) {
      find(`[name=${name}]`).value = side;
      find(`[name=${name}] + output`).value = side.toFixed(0);
    }
  }

  follow(root, state, moveTo);
  radios.forEach((radio) => radio.addEventListener("change", () => put({ kind: radio.value })));
  find(".descend").addEventListener("click", () => {
    const { box, target, kind } = state();
    path = [...path, box];
    for (let step = 0; step < 40; step++) path.push(descend(path.at(-1), target, kind));
    put({ box: path.at(-1) });
  });
  find(".again").addEventListener("click", () => moveTo(start));
  const names = ["change:box", "change:target", "change:kind"];
  names.forEach((name) => model.on(name, draw));
  draw();
  return () => names.forEach((name) => model.off(name, draw));
}

/** Let the pointer, the arrow keys and the sliders move the box. */
function follow(root, state, moveTo) {
  const svg = root.querySelector("svg");
  const at = (event) => {
    const frame = svg.getBoundingClientRect();
    return [((event.clientX - frame.left) / frame.width) * PLANE, ((event.clientY - frame.top) / frame.height) * PLANE];
  };
  const drag = (element, change) => {
    let from = null;
    element.addEventListener("pointerdown", (event) => {
      from = { place: at(event), box: state().box };
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => from && moveTo(change(from, at(event))));
    element.addEventListener("lostpointercapture", () => (from = null));
  };
  drag(root.querySelector(".box"), ({ place: [fromX, fromY], box: [x, y, w, h] }, [toX, toY]) => {
    return [x + toX - fromX, y + toY - fromY, w, h];
  });
  drag(root.querySelector(".handle"), ({ box: [x, y] }, [toX, toY]) => [x, y, 2 * (toX - x), 2 * (toY - y)]);
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  root.querySelector(".box").addEventListener("keydown", (event) => {
    if (!(event.key in steps)) return;
    event.preventDefault();
    const [[x, y], { box }] = [steps[event.key], state()];
    moveTo([box[0] + x, box[1] + y, box[2], box[3]]);
  });
  for (const [name, position] of [["w", 2], ["h", 3]]) {
    root.querySelector(`[name=${name}]`).addEventListener("input", (event) => {
      moveTo(state().box.map((each, i) => (i === position ? Number(event.target.value) : each)));
    });
  }
}

const set = (element, values) => Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));
const place = (rect, [x, y, w, h]) => set(rect, { x: x - w / 2, y: y - h / 2, width: w, height: h });

/** An arrow from the centre along which the gradient moves it; longer where it is steeper. */
function pull(line, [x, y], [, dx, dy]) {
  const steep = Math.hypot(dx, dy);
  const length = Math.min(2000 * steep, 25) / Math.max(steep, FLAT);
  set(line, { x1: x, y1: y, x2: x + dx * length, y2: y + dy * length });
  line.style.visibility = steep < FLAT ? "hidden" : "visible";
}

function fill(row, [score, ...slopes], chosen) {
  const cells = row.querySelectorAll("td");
  cells[0].textContent = score.toFixed(3);
  slopes.forEach((slope, i) => (cells[i + 1].textContent = (Math.abs(slope) < FLAT ? 0 : -100 * slope).toFixed(2)));
  row.classList.toggle("chosen", chosen);
  row.querySelector("input").checked = chosen;
}

/** A model without a kernel: keeps what it is told and calls back. */
export function still(values) {
  const listeners = {};
  const changed = new Set();
  return {
    get: (name) => values[name],
    set: (name, value) => {
      values[name] = value;
      changed.add(`change:${name}`);
    },
    save_changes: () => {
      const names = [...changed];
      changed.clear();
      names.forEach((name) => (listeners[name] ?? []).forEach((call) => call()));
    },
    on: (name, call) => (listeners[name] = [...(listeners[name] ?? []), call]),
    off: (name, call) => (listeners[name] = (listeners[name] ?? []).filter((each) => each !== call)),
  };
}

export default { render };
