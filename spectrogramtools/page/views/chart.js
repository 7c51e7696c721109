// A chart: panels below one another over one horizontal axis, each with curves, areas, arrows or a picture of cells, and
// a marker that can be dragged, or moved with the arrow keys. A panel may have a point, which is drawn over the marker.
// Both axes may be logarithmic.

import { arrow, axis, dot, drawAxes, drawCells, element, followed, line, numbers, penOn, redrawn } from "./axes.js";

const COLOURS = ["#3b7dc4", "#e69f00", "#009e73", "#cc79a7"]; // told apart by people who are colour-blind
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3]]; // and on paper
const DOT = 3; // pixels
const PANEL = { left: 58, right: 14, top: 18, between: 24, bottom: 36 };

export function render({ model, el }) {
  const root = element("div", "st-chart", el);
  const canvas = element("canvas", "", root);
  const get = (name) => model.get(name);
  const movable = get("marker_step") > 0;
  let x = axis(0, 1, 0, 1);

  function draw() {
    if (!canvas.clientWidth) return; // it is drawn when it gets a width
    const panels = get("panels");
    const { pen, width, height, ink } = penOn(canvas);
    const [low, high] = get("x_range");
    const room = Math.max(40, width - PANEL.right - PANEL.left);
    const points = [];
    const each = (height - PANEL.top - PANEL.bottom - PANEL.between * (panels.length - 1)) / panels.length;
    x = axis(low, high, PANEL.left, PANEL.left + (get("square") ? Math.min(room, each) : room), get("log"));
    panels.forEach((panel, k) => {
      const top = PANEL.top + k * (each + PANEL.between);
      const y = axis(...panel.y_range, top + (get("square") ? x.to - x.from : each), top, get("log"));
      const last = k === panels.length - 1;
      drawAxes(pen, ink, x, y, last ? get("x_label") : null, panel.y_label);
      if (panel.levels) {
        const edges = numbers(Float32Array, panel.edges);
        drawCells(pen, numbers(Uint8Array, panel.levels), edges, low, panel.column_seconds, x, y);
      }
      pen.save();
      pen.beginPath();
      pen.rect(x.from, y.to, x.to - x.from, y.from - y.to);
      pen.clip();
      if (panel.zero) drawZero(pen, x, y);
      panel.curves.forEach((curve, c) => drawCurve(pen, curve, c, x, y));
      pen.restore();
      pen.textBaseline = "bottom";
      const free = drawLegend(pen, panel, ink, x, y) - x.from;
      const hint = movable && k === 0 && width > 400 ? " · drag the line" : "";
      const title = panel.title + hint;
      pen.fillStyle = ink;
      pen.textAlign = "left";
      if (pen.measureText(title).width < free) pen.fillText(title, x.from, y.to - 4); // a telephone has room for the legend alone
      if (panel.point) points.push({ ...panel.point, x: x.pixel(panel.point.x), y: y.pixel(panel.point.y) });
    });
    drawMarker(pen, height);
    points.forEach((point) => drawPoint(pen, point));
    root.dataset.version = String(Number(root.dataset.version ?? 0) + 1);
  }

  function drawCurve(pen, curve, c, x, y) {
    const places = numbers(Float32Array, curve.x);
    const values = numbers(Float32Array, curve.y);
    if (curve.filled) return fillTo0(pen, places, values, x, y);
    if (curve.arrow) return drawArrow(pen, places, values, x, y);
    pen.strokeStyle = pen.fillStyle = curve.colour ?? COLOURS[c];
    pen.lineWidth = 2;
    pen.setLineDash(DASHES[c]);
    pen.beginPath();
    for (let i = 0; i < places.length; i++) pen.lineTo(x.pixel(places[i]), y.pixel(values[i]));
    if (curve.dots !== "alone") pen.stroke();
    pen.setLineDash([]);
    if (!curve.dots) return;
    for (let i = 0; i < places.length; i++) dot(pen, x.pixel(places[i]), y.pixel(values[i]), DOT);
  }

  // What lies above zero in one colour, what lies below it in another.
  function fillTo0(pen, places, values, x, y) {
    [Math.max, Math.min].forEach((side, c) => {
      pen.fillStyle = COLOURS[c];
      pen.beginPath();
      pen.moveTo(x.pixel(places[0]), y.pixel(0));
      for (let i = 0; i < places.length; i++) pen.lineTo(x.pixel(places[i]), y.pixel(side(values[i], 0)));
      pen.lineTo(x.pixel(places[places.length - 1]), y.pixel(0));
      pen.fill();
    });
  }

  // A grey line up where the horizontal axis has zero.
  function drawZero(pen, x, y) {
    pen.strokeStyle = "rgb(128 128 128 / 60%)";
    pen.lineWidth = 1;
    line(pen, x.pixel(0), y.from, x.pixel(0), y.to);
  }

  // From the first place to the second, over lines through zero.
  function drawArrow(pen, places, values, x, y) {
    const [[x0, x1], [y0, y1]] = [[...places].map(x.pixel), [...values].map(y.pixel)];
    drawZero(pen, x, y);
    line(pen, x.from, y.pixel(0), x.to, y.pixel(0));
    arrow(pen, [x0, y0], [x1, y1], COLOURS[0], [], 11);
  }

  function drawPoint(pen, { x, y, colour }) {
    pen.fillStyle = colour;
    pen.strokeStyle = "#000";
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.arc(x, y, 6, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }

  // From the right; gives the place at which it begins.
  function drawLegend(pen, panel, ink, x, y) {
    let right = x.to;
    if (panel.curves.length < 2) return right;
    pen.textAlign = "right";
    [...panel.curves.entries()].reverse().forEach(([c, { name, dots, colour }]) => {
      pen.fillStyle = ink;
      pen.fillText(name, right, y.to - 4);
      right -= pen.measureText(name).width + 6;
      pen.strokeStyle = pen.fillStyle = colour ?? COLOURS[c];
      pen.lineWidth = 3;
      pen.setLineDash(DASHES[c]);
      if (dots === "alone") dot(pen, right - 4, y.to - 10, DOT);
      else line(pen, right - 26, y.to - 10, right, y.to - 10);
      pen.setLineDash([]);
      right -= dots === "alone" ? 18 : 40;
    });
    return right;
  }

  function drawMarker(pen, height) {
    const at = get("marker");
    root.dataset.marker = at === null ? "" : at.toFixed(4);
    canvas.setAttribute("aria-label", get("description"));
    if (at === null) return;
    canvas.setAttribute("aria-valuenow", at.toFixed(3));
    canvas.setAttribute("aria-valuemin", x.low.toFixed(3));
    canvas.setAttribute("aria-valuemax", x.high.toFixed(3));
    if (at < x.low || at > x.high) return;
    const p = x.pixel(at);
    pen.strokeStyle = "#d55e00";
    pen.lineWidth = 2.5;
    line(pen, p, PANEL.top, p, height - PANEL.bottom);
    pen.fillStyle = "#d55e00";
    pen.beginPath(); // a handle to take it by
    pen.arc(p, PANEL.top, 6, 0, 2 * Math.PI);
    pen.fill();
  }

  function move(to) {
    const [low, high] = get("marker_range");
    model.set("marker", Math.min(Math.max(to, low), high));
    model.save_changes();
    drawSoon(0); // what the hand does is seen at once
  }

  canvas.setAttribute("role", movable ? "slider" : "img");
  if (movable) {
    canvas.tabIndex = 0;
    canvas.style.cursor = "ew-resize";
    canvas.style.touchAction = "pan-y";
    root.setAttribute("data-lm-suppress-shortcuts", "true");
    canvas.onpointerdown = (e) => !e.button && followed(e, canvas, (pixel) => move(x.value(pixel)));
    canvas.onkeydown = (e) => {
      const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[e.key];
      if (!direction || e.ctrlKey || e.altKey || e.metaKey) return;
      move(get("marker") + direction * get("marker_step") * (e.shiftKey ? 10 : 1));
      e.preventDefault();
      e.stopPropagation();
    };
  }
  // News from the kernel comes with new sound and its picture, which go first.
  let timer = 0;
  let frame = 0;
  function drawSoon(wait = 30) {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    timer = setTimeout(() => (frame = requestAnimationFrame(draw)), wait);
  }
  const onNews = () => drawSoon();
  const watched = "change:panels change:x_range change:marker change:description";
  model.on(watched, onNews);
  draw();
  const endRedrawing = redrawn(canvas, draw);
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    endRedrawing();
    model.off(watched, onNews);
  };
}
