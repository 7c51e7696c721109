// A prediction: one chooses, puts in order or sketches, and only who has committed, or skipped, sees the rest. What was
// said goes to the model, where a kernel may hear of it; hands that are counted stay in the page.

import { element } from "./axes.js";
import { drawOrdering } from "./ordering.js";
import { inline, plain, prose } from "./prose.js";
import { drawSketch } from "./sketch.js";

const SKIPPED = "";
const MOST_HANDS = 999;
let drawn = 0; // radio buttons of one prediction share a name

export function render({ model, el }) {
  const get = (name) => model.get(name);
  const id = `st-predict-${++drawn}`;
  const root = element("div", "st-predict", el, { role: "group", "aria-labelledby": id, "data-lm-suppress-shortcuts": "true" });
  inline(element("div", "st-question", root, { id }), get("question"));
  const asked = element("div", "st-asked", root);
  const answer = { choose: choosing, order: ordering, sketch: sketching }[get("kind")]({ get, root: asked, id, moved });
  const shown = element("div", "st-shown", root, { tabindex: "-1" });
  const said = element("div", "st-said", shown);
  prose(element("div", "st-then", shown), get("then"));
  const bar = element("div", "st-bar st-tools", root);
  const commit = element("button", "st-commit", bar, { type: "button" }, "That is my prediction");
  const change = element("button", "st-quiet", bar, { type: "button" }, "Change my mind");
  const skip = element("button", "st-quiet", bar, { type: "button" }, "Skip");
  const again = element("button", "st-quiet", bar, { type: "button" }, "Start over");
  const told = element("div", "st-told", root, { role: "status" });
  if (answer.hands) answer.hands(bar, (text) => (told.textContent = text));
  let changed = false; // since it was asked

  function moved(text = "") {
    changed = true;
    if (text) told.textContent = text;
    showButtons();
  }

  function showButtons() {
    const open = get("said") === null;
    for (const button of [commit, skip]) button.hidden = !open;
    change.hidden = !open || !changed;
    again.hidden = open;
    commit.disabled = answer.value() === null;
  }

  function show() {
    const value = get("said");
    const open = value === null;
    root.dataset.said = open ? "" : "yes";
    shown.hidden = open;
    said.replaceChildren();
    if (!open) {
      element("span", "st-you", said, {}, value === SKIPPED ? "You skipped it." : "You said: ");
      if (value !== SKIPPED) answer.tell(said, value);
      answer.put(value === SKIPPED ? null : value);
    }
    answer.hold(!open, value);
    showButtons();
  }

  function say(value) {
    model.set("said", value);
    model.save_changes();
    show();
    if (value === null) return;
    // Who can't see it hears what was said, and goes on where the rest is.
    told.textContent = `${value === SKIPPED ? "You skipped it" : `You said: ${answer.heard(value)}`}. What comes of it is told now.`;
    shown.focus({ preventScroll: true });
  }

  function clear(text) {
    answer.put(null);
    changed = false;
    told.textContent = text;
    showButtons();
    (asked.querySelector("input, button, canvas") ?? root).focus({ preventScroll: true });
  }

  commit.onclick = () => say(answer.value());
  skip.onclick = () => say(SKIPPED);
  change.onclick = () => clear("nothing is said yet");
  again.onclick = () => {
    say(null);
    clear("asked anew");
  };
  root.addEventListener("keydown", (event) => event.stopPropagation()); // or JupyterLab and a slide show take the keys
  model.on("change:said", show);
  show();
  return () => {
    answer.end?.();
    model.off("change:said", show);
  };
}

// One of several answers; `hands` are how many of a hall there were for each.
function choosing({ get, root, id, moved }) {
  const items = get("items");
  const list = element("div", "st-choices-of", root, { role: "radiogroup", "aria-labelledby": id });
  const rows = items.map((text, i) => {
    const row = element("div", "st-row", list);
    const label = element("label", "st-choice", row);
    const radio = element("input", "", label, { type: "radio", name: id, value: String(i) });
    inline(element("span", "st-item", label), text);
    radio.onchange = () => moved();
    return { row, radio };
  });
  return {
    value() {
      const i = rows.findIndex(({ radio }) => radio.checked);
      return i < 0 ? null : items[i];
    },
    put: (value) => rows.forEach(({ radio }, i) => (radio.checked = items[i] === value)),
    hold: (fixed) => rows.forEach(({ radio }) => (radio.disabled = fixed)),
    tell: inline,
    heard: plain,
    hands(bar, tell) {
      const toggle = element("button", "st-quiet st-count", bar, { type: "button", "aria-pressed": "false" }, "Count hands");
      const counts = rows.map(({ row }, i) => handsOf(row, items[i], showBars));
      toggle.onclick = () => {
        const on = toggle.getAttribute("aria-pressed") !== "true";
        toggle.setAttribute("aria-pressed", String(on));
        counts.forEach(({ hands }) => (hands.hidden = !on));
        list.classList.toggle("st-counting", on);
        tell(on ? "a number of hands beside each answer" : "hands are hidden");
      };
      function showBars() {
        const all = counts.reduce((sum, { number }) => sum + number(), 0);
        counts.forEach(({ bar: drawnBar, share, number }) => {
          const part = all ? number() / all : 0;
          drawnBar.style.width = `${100 * part}%`;
          share.textContent = all ? `${Math.round(100 * part)} %` : "";
        });
      }
    },
  };
}

function handsOf(row, text, changed) {
  const hands = element("div", "st-hands", row, { hidden: "", role: "group", "aria-label": `hands for ${plain(text)}` });
  const track = element("div", "st-track", hands, { "aria-hidden": "true" });
  const bar = element("div", "st-barred", track);
  const [less, input, more] = [
    element("button", "st-move", hands, { type: "button", "aria-label": "one hand less" }, "−"),
    element("input", "st-number", hands, { type: "number", min: "0", max: String(MOST_HANDS), step: "1", value: "0", "aria-label": `hands for ${plain(text)}` }),
    element("button", "st-move", hands, { type: "button", "aria-label": "one hand more" }, "+"),
  ];
  const share = element("output", "st-share", hands);
  const number = () => Math.min(MOST_HANDS, Math.max(0, Math.floor(Number(input.value)) || 0));
  const put = (n) => {
    input.value = String(Math.min(MOST_HANDS, Math.max(0, n)));
    changed();
  };
  less.onclick = () => put(number() - 1);
  more.onclick = () => put(number() + 1);
  input.oninput = changed;
  input.onchange = () => put(number());
  return { hands, bar, share, number };
}

function ordering({ get, root, id, moved }) {
  const items = get("items");
  const list = drawOrdering(root, items, "from first to last", moved);
  list.put(items.map((_, i) => i));
  root.firstChild.setAttribute("aria-labelledby", id);
  return {
    value: () => list.order().map((i) => items[i]),
    put: (value) => list.put((value ?? items).map((text) => items.indexOf(text))),
    hold: (fixed) => list.hold(fixed),
    tell: (said) => said.append("the order above"),
    heard: (value) => value.map(plain).join(", then "),
  };
}

function sketching({ get, root, moved }) {
  const sketch = drawSketch(root, get("axes"), moved);
  return {
    value: sketch.value,
    put: sketch.put,
    hold: (fixed, said) => sketch.hold(fixed, fixed),
    tell(said) {
      element("span", "st-line", said, {}, "the solid line");
      element("span", "st-line st-true", said, {}, "dashed: what is so");
    },
    heard: () => "the curve that is drawn",
    end: sketch.end,
  };
}
