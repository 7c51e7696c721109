// Starts every widget of a page that has no kernel: a model that holds the state, and the widget's own JavaScript.

const kept = (key) => JSON.parse(document.getElementById(`st-${key}`).textContent);
const modules = new Map();
const styled = new Set();

function bytes(text) {
  const binary = atob(text);
  return new DataView(Uint8Array.from({ length: binary.length }, (_, i) => binary.charCodeAt(i)).buffer);
}

function modelOf(state) {
  const listeners = new Map();
  const each = (names, f) => names.split(" ").forEach((name) => f(name, listeners.get(name) ?? listeners.set(name, new Set()).get(name)));
  return {
    get: (name) => state[name],
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      each(`change:${name}`, (_, heard) => heard.forEach((f) => f()));
    },
    save_changes() {},
    on: (names, f) => each(names, (_, heard) => heard.add(f)),
    off: (names, f) => each(names, (_, heard) => heard.delete(f)),
  };
}

for (const el of document.querySelectorAll(".st-standalone")) {
  const { state, buffers, esm, css } = JSON.parse(el.dataset.widget);
  delete el.dataset.widget;
  for (const [path, key] of buffers) {
    const place = path.slice(0, -1).reduce((inside, step) => inside?.[step], state);
    if (place) place[path.at(-1)] = bytes(kept(key));
  }
  if (!styled.has(css)) {
    styled.add(css);
    document.head.appendChild(document.createElement("style")).textContent = kept(css);
  }
  if (!modules.has(esm)) {
    modules.set(esm, import(URL.createObjectURL(new Blob([kept(esm)], { type: "text/javascript" }))));
  }
  (await modules.get(esm)).default.render({ model: modelOf(state), el });
}
