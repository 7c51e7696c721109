// An explorer's controls, as its recipe lists them: sliders, menus and boxes to tick. They are the browser's own, so
// that hands, keyboards and screen readers know them.

import { element } from "./axes.js";

const digitsOf = (step) => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

// Draws them into `root`; `changed(name, value)` is called when somebody moves one. Gives `show(values)`, which moves
// them to where they stand now.
export function drawControls(root, recipes, changed) {
  const drawn = recipes.map((recipe) => ({ recipe, show: drawOne(root, recipe, (value) => changed(recipe.name, value)) }));
  return (values) => {
    for (const { recipe, show } of drawn) {
      const used = Object.entries(recipe.only ?? {}).every(([name, allowed]) => allowed.includes(values[name]));
      show(values[recipe.name], used);
    }
  };
}

function drawOne(root, recipe, changed) {
  const label = element("label", "st-control", root);
  if (typeof recipe.value === "boolean") return drawBox(label, recipe, changed);
  if (!recipe.ends) element("span", "st-label", label, {}, recipe.label); // or else its ends say what it is
  return recipe.options && !recipe.slides ? drawMenu(label, recipe, changed) : drawSlider(label, recipe, changed);
}

function drawMenu(label, { name, options }, changed) {
  const menu = element("select", "", label, { "data-control": name });
  options.forEach(([text], i) => element("option", "", menu, { value: String(i) }, text));
  menu.onchange = () => changed(options[Number(menu.value)][1]);
  return (value, used) => {
    menu.value = String(options.findIndex(([, option]) => option === value));
    menu.disabled = !used;
  };
}

function drawBox(root, { name, label }, changed) {
  const box = element("input", "", root, { type: "checkbox", "data-control": name });
  element("span", "", root, {}, label);
  box.onchange = () => changed(box.checked);
  return (value) => (box.checked = value);
}

// A slider over numbers, or over the places of its options.
function drawSlider(label, { name, options, min, max, step, digits, label: said, ends = ["", ""] }, changed) {
  const [low, high, by] = options ? [0, options.length - 1, 1] : [min, max, step];
  if (ends[0]) element("span", "st-end", label, {}, ends[0]);
  const slider = element("input", "", label, { type: "range", min: low, max: high, step: options ? 1 : "any", "data-control": name });
  if (ends[1]) element("span", "st-end", label, {}, ends[1]);
  if (ends[0]) slider.setAttribute("aria-label", said);
  const readout = element("output", "", label);
  const places = digits ?? digitsOf(by);
  const text = (value) => (options ? options.find(([, option]) => option === value)[0] : value.toFixed(places).replace("-", "−"));
  const onStep = (at) => Math.min(high, Math.max(low, Number((low + Math.round((at - low) / by) * by).toFixed(10))));
  const go = (at) => changed(options ? options[onStep(at)][1] : onStep(at));
  slider.oninput = () => go(Number(slider.value));
  slider.onkeydown = (e) => {
    // The browser's own steps would be a hundredth of the way where any value is allowed.
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[e.key];
    e.stopPropagation(); // or JupyterLab selects cells
    if (!direction || e.ctrlKey || e.altKey || e.metaKey) return;
    e.preventDefault();
    go(Number(slider.value) + direction * by * (e.shiftKey ? 10 : 1));
  };
  return (value, used) => {
    slider.disabled = !used || value === null;
    if (value === null) return; // it is still being found
    slider.value = String(options ? options.findIndex(([, option]) => option === value) : value);
    slider.setAttribute("aria-valuetext", text(value));
    readout.textContent = text(value);
  };
}
