// Cells in the complex plane, side by side: a circle for the magnitude that is wanted, the stations of all turns so
// far, the last turn as arrows, and a cross where the original's cell lies.

import { arrow, dot, element, line, penOn, redrawn } from "./axes.js";

// In the colours of the chart that says how long they are.
/** @type {[string, number[], string][]} */
const ARROWS = [["#3b7dc4", [], "to the spectrogram of a sound"], ["#009e73", [3, 2], "further, with momentum"], ["#e69f00", [], "to the wanted magnitude"]];
const REACH = 1.95; // radii from the middle of a plane to its upper border
const ABOVE = 36; // pixels for what a cell is called
const LINE = 17; // pixels
const DOT = 4;

export function render({ model, el }) {
  const root = element("div", "st-chart st-planes", el);
  const canvas = element("canvas", "", root, { role: "img" });
  const get = (name) => model.get(name);

  function draw() {
    if (!canvas.clientWidth) return; // it is drawn when it gets a width
    const cells = get("cells");
    const { pen, width, height, ink } = penOn(canvas);
    canvas.setAttribute("aria-label", get("description"));
    const shown = cells.some(({ turns }) => turns.at(-1)?.length > 3) ? ARROWS : [ARROWS[0], ARROWS[2]];
    const below = drawLegend(pen, ink, shown, width, height);
    const half = [width / Math.max(cells.length, 1) / 2, (below - ABOVE) / 2];
    cells.forEach((cell, k) => drawCell(pen, ink, cell, [(2 * k + 1) * half[0], ABOVE + half[1]], half));
    root.dataset.version = String(Number(root.dataset.version ?? 0) + 1);
  }

  function drawCell(pen, ink, { title, place, original, start, turns }, middle, half) {
    const [[x, y], [across, up]] = [middle, half];
    const radius = Math.min(across / 1.5, up / REACH);
    /** @returns {[number, number]} */
    const at = ([re, im]) => [x + radius * re, y - radius * im];
    pen.fillStyle = ink;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.fillText(title, x, 2);
    pen.fillText(place, x, 2 + LINE);
    pen.save();
    pen.beginPath();
    pen.rect(x - across, y - up, 2 * across, 2 * up);
    pen.clip();
    pen.strokeStyle = ink;
    pen.lineWidth = 1;
    pen.globalAlpha = 0.35;
    line(pen, x - 1.4 * radius, y, x + 1.4 * radius, y);
    line(pen, x, y - 1.4 * radius, x, y + 1.4 * radius);
    pen.globalAlpha = 1;
    pen.lineWidth = 1.5;
    ring(pen, x, y, radius);
    // The turns before the last one.
    pen.lineWidth = 1;
    pen.globalAlpha = 0.45;
    pen.beginPath();
    for (const point of turns.slice(0, -1).flat()) pen.lineTo(...at(point));
    pen.stroke();
    pen.globalAlpha = 1;
    const last = turns.at(-1) ?? [start];
    pen.fillStyle = ink;
    dot(pen, ...at(last.at(-1)), DOT);
    last.slice(1).forEach((point, step) => {
      const [colour, dashes] = ARROWS[step === 0 ? 0 : step === last.length - 2 ? 2 : 1];
      arrow(pen, at(last[step]), at(point), colour, dashes);
    });
    pen.strokeStyle = "#cc79a7";
    pen.lineWidth = 3;
    const [ox, oy] = at(original);
    line(pen, ox - 5, oy - 5, ox + 5, oy + 5);
    line(pen, ox - 5, oy + 5, ox + 5, oy - 5);
    pen.restore();
  }

  const onNews = () => draw();
  const watched = "change:cells change:description";
  model.on(watched, onNews);
  draw();
  const endRedrawing = redrawn(canvas, draw);
  return () => {
    endRedrawing();
    model.off(watched, onNews);
  };
}

// What the marks mean, in as many lines as it takes; gives where the lowest of them begins from.
function drawLegend(pen, ink, arrows, width, height) {
  const all = [...arrows.map(([colour, dashes, text]) => [text, (x, y) => arrow(pen, [x, y], [x + 22, y], colour, dashes)]),
    ["now", (x, y) => dot(pen, x + 16, y, DOT)],
    ["the original's", (x, y) => {
      pen.strokeStyle = "#cc79a7";
      pen.lineWidth = 3;
      line(pen, x + 11, y - 5, x + 21, y + 5);
      line(pen, x + 11, y + 5, x + 21, y - 5);
    }]];
  const rows = [[]];
  let right = 0;
  for (const [text, mark] of all) {
    const needed = 28 + pen.measureText(text).width + 16;
    if (right + needed > width && rows.at(-1).length) {
      rows.push([]);
      right = 0;
    }
    rows.at(-1).push([text, mark, right]);
    right += needed;
  }
  const top = height - rows.length * LINE;
  rows.forEach((row, k) => row.forEach(([text, mark, x]) => {
    const y = top + (k + 0.5) * LINE;
    pen.fillStyle = ink;
    mark(x, y);
    pen.fillStyle = ink;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillText(text, x + 28, y);
  }));
  return top;
}

function ring(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.stroke();
}
