// A curve that is drawn with the mouse, a finger or the arrow keys on labelled axes; afterwards another one over it.

import { axis, drawAxes, element, penOn, redrawn } from "./axes.js";

const COLUMNS = 100; // places across at which the curve can have a value of its own
const KEY_STEPS = 20; // presses of a key from one end to the other; with Shift five times as many
const MARGIN = { left: 58, right: 18, top: 10, bottom: 38 };
const [YOURS, TRUTH] = ["#3b7dc4", "#d55e00"]; // told apart by people who are colour-blind, and by their lines
const DASH = [7, 5];

export function drawSketch(root, { x: [xLabel, xLow, xHigh], y: [yLabel, yLow, yHigh], truth }, moved) {
  const canvas = element("canvas", "st-sketch", root, { tabindex: "0" });
  let values = new Map(); // by column; between them the curve is straight
  let cursor = null; // { column, value }: where the keys are
  let fixed = false;
  let withTruth = false;
  let [x, y] = [axis(xLow, xHigh, 0, 1), axis(yLow, yHigh, 1, 0)];

  const place = (column) => xLow + ((xHigh - xLow) * column) / COLUMNS;
  const columnAt = (v) => Math.min(COLUMNS, Math.max(0, Math.round(((v - xLow) / (xHigh - xLow)) * COLUMNS)));
  const inside = (v) => Math.min(yHigh, Math.max(yLow, v));
  const told = (v) => Number(v.toPrecision(3)).toString().replace("-", "−");
  const curve = () => {
    const columns = [...values.keys()].sort((a, b) => a - b);
    return /** @type {[number[], number[]]} */ ([columns.map(place), columns.map((column) => values.get(column))]);
  };

  function draw() {
    if (!canvas.clientWidth) return; // it is drawn when it gets a width
    const { pen, width, height, ink } = penOn(canvas);
    x = axis(xLow, xHigh, MARGIN.left, Math.max(MARGIN.left + 40, width - MARGIN.right));
    y = axis(yLow, yHigh, height - MARGIN.bottom, MARGIN.top);
    drawAxes(pen, ink, x, y, xLabel, yLabel);
    pen.save();
    pen.beginPath();
    pen.rect(x.from, y.to, x.to - x.from, y.from - y.to);
    pen.clip();
    pen.lineWidth = 2.5;
    pen.lineJoin = "round";
    drawCurve(pen, curve(), YOURS, []);
    if (withTruth) drawCurve(pen, truth, TRUTH, DASH);
    pen.restore();
    if (cursor && !fixed) {
      pen.strokeStyle = ink;
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.arc(x.pixel(place(cursor.column)), y.pixel(cursor.value), 6, 0, 2 * Math.PI);
      pen.stroke();
    }
    if (!values.size && !fixed) {
      pen.fillStyle = ink;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(width > 500 ? "draw here, or use the arrow keys" : "draw here", (x.from + x.to) / 2, (y.from + y.to) / 2);
    }
  }

  function drawCurve(pen, [xs, ys], colour, dash) {
    pen.strokeStyle = pen.fillStyle = colour;
    pen.setLineDash(dash);
    pen.beginPath();
    xs.forEach((v, i) => pen.lineTo(x.pixel(v), y.pixel(ys[i])));
    pen.stroke();
    pen.setLineDash([]);
    if (xs.length === 1) pen.fillRect(x.pixel(xs[0]) - 2, y.pixel(ys[0]) - 2, 4, 4);
  }

  // What is heard of it by those who can't see it.
  function describe() {
    const at = ([xs, ys], v) => {
      const k = xs.findIndex((place) => place >= v);
      if (k < 0 || (k === 0 && xs[0] > v)) return null;
      const share = k ? (v - xs[k - 1]) / (xs[k] - xs[k - 1]) : 1;
      return k ? ys[k - 1] + share * (ys[k] - ys[k - 1]) : ys[0];
    };
    const words = (line) => [0, 0.25, 0.5, 0.75, 1].map((share) => xLow + share * (xHigh - xLow))
      .map((v) => [v, at(line, v)]).filter(([, value]) => value !== null).map(([v, value]) => `${told(value)} at ${told(v)}`).join(", ");
    const mine = values.size ? `your curve: ${words(curve())}` : "nothing is drawn";
    const text = `${yLabel} over ${xLabel}; ${mine}${withTruth ? `; in truth: ${words(truth)}` : ""}`;
    if (fixed) {
      for (const name of ["aria-valuenow", "aria-valuemin", "aria-valuemax", "aria-valuetext", "tabindex"]) canvas.removeAttribute(name);
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", text);
    } else {
      const { column, value } = cursor ?? { column: 0, value: (yLow + yHigh) / 2 };
      const now = { role: "slider", tabindex: "0", "aria-valuemin": yLow, "aria-valuemax": yHigh, "aria-valuenow": value };
      const where = `${told(value)} at ${told(place(column))}${values.has(column) ? "" : ", nothing is drawn here"}`;
      const keys = "left and right go on, up and down draw";
      Object.entries({ ...now, "aria-valuetext": where, "aria-label": `${yLabel} over ${xLabel}: ${keys}` })
        .forEach(([name, v]) => canvas.setAttribute(name, String(v)));
    }
  }

  function show() {
    draw();
    describe();
  }

  // A straight stroke between two places, on which every column gets its value.
  function stroke(from, to) {
    const by = Math.sign(to.column - from.column) || 1;
    for (let column = from.column; column !== to.column + by; column += by) {
      const share = to.column === from.column ? 1 : (column - from.column) / (to.column - from.column);
      values.set(column, from.value + share * (to.value - from.value));
    }
    show();
    moved();
  }

  canvas.onpointerdown = (event) => {
    if (fixed || event.button) return;
    const at = (e) => {
      const { left, top } = canvas.getBoundingClientRect();
      return { column: columnAt(x.value(e.clientX - left)), value: inside(y.value(e.clientY - top)) };
    };
    cursor = null;
    let last = at(event);
    canvas.setPointerCapture(event.pointerId);
    stroke(last, last);
    canvas.onpointermove = (e) => {
      const next = at(e);
      stroke(last, next);
      last = next;
    };
    canvas.onpointerup = canvas.onpointercancel = () => (canvas.onpointermove = null);
  };
  canvas.onkeydown = (event) => {
    const [across, up] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
    if (fixed || across === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault(); // or the page scrolls
    const finer = event.shiftKey ? 5 : 1;
    cursor ??= { column: 0, value: values.get(0) ?? (yLow + yHigh) / 2 };
    if (up) {
      cursor.value = inside(cursor.value + (up * (yHigh - yLow)) / KEY_STEPS / finer);
      values.set(cursor.column, cursor.value);
    } else {
      // The first place counts as drawn as well; a stroke of keys takes away what was drawn between.
      if (!values.has(cursor.column)) values.set(cursor.column, cursor.value);
      cursor.column = Math.min(COLUMNS, Math.max(0, cursor.column + (across * COLUMNS) / KEY_STEPS / finer));
      cursor.value = values.get(cursor.column) ?? cursor.value;
    }
    show();
    moved();
  };

  show();
  const end = redrawn(canvas, draw);
  return {
    value: () => (values.size > 1 ? curve() : null),
    put(line) {
      values = new Map(line ? line[0].map((v, i) => [columnAt(v), line[1][i]]) : []);
      cursor = null;
      show();
    },
    hold(isFixed, isTold) {
      [fixed, withTruth] = [isFixed, isTold];
      show();
    },
    end,
  };
}
