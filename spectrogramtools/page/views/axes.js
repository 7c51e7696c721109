// What the player and the charts share: elements, bytes, axes with ticks and units, spectrograms in colour.

// Matplotlib's magma, every sixteenth colour: it grows steadily in lightness and survives colour blindness.
const MAGMA = "0000040a08221d114736106b51127c6a1c818326819c2e7fb73779cf4070e55064f4695cfb8761fea571fec287fde0a1fcfdbf";
const PALETTE = Uint32Array.from({ length: 256 }, (_, level) => {
  const place = (level / 255) * 16;
  const k = Math.min(15, Math.floor(place));
  const channel = (c) => {
    const [from, to] = [k, k + 1].map((i) => parseInt(MAGMA.substr(6 * i + 2 * c, 2), 16));
    return Math.round(from + (to - from) * (place - k));
  };
  return (255 << 24) | (channel(2) << 16) | (channel(1) << 8) | channel(0);
});
export const LOWEST_HZ = 50; // where a logarithmic axis begins
export const DYNAMIC_RANGE = 80; // dB from black to the brightest colour

export function element(tag, className, parent, attributes = {}, text = "") {
  const e = parent.appendChild(document.createElement(tag));
  e.className = className;
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.textContent = text;
  return e;
}

// What traitlets' Bytes become in the page is a DataView. It is copied only where it lies askew for numbers of this size.
export function numbers(Type, view) {
  const { buffer, byteOffset, byteLength } = view;
  const size = Type.BYTES_PER_ELEMENT;
  if (byteOffset % size === 0) return new Type(buffer, byteOffset, byteLength / size);
  return new Type(buffer.slice(byteOffset, byteOffset + byteLength));
}

// A pen in CSS pixels on a canvas that has as many pixels as the screen shows, cleared.
export function penOn(canvas) {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const style = getComputedStyle(canvas);
  pen.font = `12px ${style.fontFamily}`;
  return { pen, width, height, ink: style.color };
}

export function dot(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

// The line ends behind the head, so that its tip is sharp.
export function arrow(pen, [x0, y0], [x1, y1], colour, dashes = [], longest = 7) {
  const head = Math.min(longest, Math.hypot(x1 - x0, y1 - y0));
  const turned = Math.atan2(y1 - y0, x1 - x0);
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 2.5;
  pen.setLineDash(dashes);
  line(pen, x0, y0, x1 - 0.7 * head * Math.cos(turned), y1 - 0.7 * head * Math.sin(turned));
  pen.setLineDash([]);
  pen.beginPath();
  pen.moveTo(x1, y1);
  for (const aside of [-0.45, 0.45]) pen.lineTo(x1 - head * Math.cos(turned + aside), y1 - head * Math.sin(turned + aside));
  pen.fill();
}

// An axis from `low` to `high` over the pixels `from` to `to`.
export function axis(low, high, from, to, log = false) {
  const f = log ? Math.log : (v) => v;
  const inverse = log ? Math.exp : (v) => v;
  const scale = (to - from) / (f(high) - f(low));
  return {
    low, high, from, to, log,
    pixel: (v) => from + (f(v) - f(low)) * scale,
    value: (p) => inverse(f(low) + (p - from) / scale),
  };
}

function ticks({ low, high, from, to, log }, apart) {
  const room = Math.max(1, Math.abs(to - from) / apart);
  if (log) {
    const octaves = Array.from({ length: 25 }, (_, k) => 2 ** (k - 9)).filter((v) => v >= low && v <= high);
    const every = Math.ceil(octaves.length / room);
    return octaves.filter((_, k) => k % every === 0);
  }
  const rough = (high - low) / room;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= rough * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => {
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return Number(((first + k) * step).toFixed(digits));
  });
}

export function drawAxes(pen, ink, x, y, xLabel, yLabel) {
  pen.strokeStyle = pen.fillStyle = ink;
  pen.lineWidth = 1;
  pen.strokeRect(x.from + 0.5, y.to + 0.5, x.to - x.from - 1, y.from - y.to - 1);
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  // Without a label there is nothing to measure upwards.
  for (const v of yLabel === null ? [] : ticks(y, 28)) {
    const p = Math.round(y.pixel(v)) + 0.5;
    line(pen, x.from - 4, p, x.from, p);
    pen.fillText(String(v).replace("-", "−"), x.from - 7, Math.min(Math.max(p, y.to + 5), y.from - 5));
  }
  if (yLabel) {
    pen.save();
    pen.translate(x.from - 48, (y.from + y.to) / 2);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "center";
    pen.fillText(yLabel, 0, 0);
    pen.restore();
  }
  if (xLabel === null) return; // a panel below has the same axis
  pen.textBaseline = "top";
  pen.textAlign = "center";
  for (const v of ticks(x, 52)) {
    const p = Math.round(x.pixel(v)) + 0.5;
    line(pen, p, y.from, p, y.from + 4);
    const text = String(v).replace("-", "−");
    pen.fillText(text, Math.min(p, x.to + 14 - pen.measureText(text).width / 2), y.from + 6);
  }
  pen.fillText(xLabel, (x.from + x.to) / 2, y.from + 21);
}

export function line(pen, x0, y0, x1, y1) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

// A picture's cells between the axes; columns from `start` on, each so many seconds wide.
export function drawCells(pen, levels, edges, start, columnSeconds, x, y) {
  const ratio = pen.getTransform().a;
  // Inside of the axes' lines, so that a new picture leaves them alone.
  const left = Math.ceil((x.from + 1) * ratio);
  const top = Math.ceil((y.to + 1) * ratio);
  const width = Math.max(1, Math.floor((x.to - 1) * ratio) - left);
  const height = Math.max(1, Math.floor((y.from - 1) * ratio) - top);
  const image = pen.createImageData(width, height);
  const cells = new Uint32Array(image.data.buffer);
  const hertz = borders(height, (k) => y.value((top + height - k) / ratio));
  const columns = borders(width, (k) => (x.value((left + k) / ratio) - start) / columnSeconds);
  const drawn = onPixels(levels, edges, hertz, columns);
  for (let j = 0; j < height; j++) {
    const from = (height - 1 - j) * width;
    for (let i = 0; i < width; i++) cells[j * width + i] = PALETTE[drawn[from + i]];
  }
  pen.putImageData(image, left, top);
}

// Where so many pixels begin, and where the last one ends. A pixel shows the cell at its middle and what is skipped between
// there and the next pixel's; only at the two ends the borders count, so that nothing is skipped there either.
function borders(pixels, at) {
  return Array.from({ length: pixels + 1 }, (_, k) => at(k === 0 || k === pixels ? k : k + 0.5));
}

// A picture at so many pixels, the lowest line first, the loudest cell of each; without this some would be skipped. `hertz`
// and `columns`, which rise, say where the pixels begin: one number more than there are pixels.
export function onPixels(levels, edges, hertz, columns) {
  const rows = edges.length - 1;
  const count = levels.length / rows;
  let row = 0;
  const lines = spans(hertz.map((v) => {
    while (row < rows - 1 && edges[row + 1] <= v) row++;
    return row;
  }));
  const places = spans(columns.map((v) => Math.min(Math.max(Math.floor(v), 0), count - 1)));
  const drawn = new Uint8Array(lines.length * places.length);
  const across = new Uint8Array(count); // the columns of one line
  let at = 0;
  for (const [first, end] of lines) {
    for (let c = 0; c < count; c++) across[c] = loudest(levels, c * rows + first, c * rows + end);
    for (const [from, to] of places) drawn[at++] = loudest(across, from, to);
  }
  return drawn;
}

// From the rows or columns in which pixels begin: the first one of each pixel and the one after its last.
function spans(begins) {
  const last = begins.length - 2;
  return begins.slice(0, -1).map((first, k) => [first, k === last ? begins[k + 1] + 1 : Math.max(first + 1, begins[k + 1])]);
}

function loudest(levels, from, to) {
  let most = levels[from];
  for (let i = from + 1; i < to; i++) if (levels[i] > most) most = levels[i];
  return most;
}

// What the colours stand for, right of the plot: levels, or shares (of a mask).
export function drawColourBar(pen, ink, left, y, share = false) {
  pen.clearRect(left, y.to - 8, 60, y.from - y.to + 16);
  const step = (y.from - y.to) / 64;
  for (let k = 0; k < 64; k++) {
    const [b, g, r] = [16, 8, 0].map((shift) => (PALETTE[255 - 4 * k] >> shift) & 255);
    pen.fillStyle = `rgb(${r} ${g} ${b})`;
    pen.fillRect(left, y.to + k * step, 9, step + 0.5);
  }
  pen.fillStyle = ink;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  const labels = share ? ["1", "0.5", "0"] : ["0 dB", `−${DYNAMIC_RANGE / 2}`, `−${DYNAMIC_RANGE}`];
  labels.forEach((text, k) => {
    const p = y.to + (k / 2) * (y.from - y.to);
    pen.fillText(text, left + 12, Math.min(Math.max(p, y.to + 6), y.from - 6));
  });
}

// Calls `draw` again when the canvas gets another size, or a size at all, and when JupyterLab changes its theme; gives what
// ends it. While the theme changes, the canvas may have no width for a moment, without a resize that one could hear of:
// so it is observed anew, which draws in the next frame in which there is a width.
export function redrawn(canvas, draw) {
  const resized = new ResizeObserver(() => canvas.clientWidth && draw());
  resized.observe(canvas);
  const themed = new MutationObserver(() => {
    resized.unobserve(canvas);
    resized.observe(canvas);
  });
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "class"] });
  return () => {
    resized.disconnect();
    themed.disconnect();
  };
}

const SIDEWAYS = 8; // pixels; less is a tap

// Follows a press on the canvas: `point(pixel, end)` at once, along the drag, and where the hand lets go. A finger may be
// about to scroll the page, so it counts only when it goes sideways or is lifted; what the browser takes, counts no more.
export function followed(event, canvas, point) {
  let counts = event.pointerType === "mouse";
  const at = (e) => e.clientX - canvas.getBoundingClientRect().left;
  const end = () => (canvas.onpointermove = canvas.onpointerup = canvas.onpointercancel = null);
  canvas.setPointerCapture(event.pointerId);
  canvas.onpointermove = (e) => {
    const [across, along] = [e.clientX - event.clientX, e.clientY - event.clientY].map(Math.abs);
    counts ||= across > SIDEWAYS && across > along;
    if (counts) point(at(e), false);
  };
  canvas.onpointerup = (e) => {
    end();
    point(at(e), true);
  };
  canvas.onpointercancel = end;
  if (counts) point(at(event), false);
}
