// A model that lives in the page: what a view reads and writes, and tells of, without a kernel behind it. It has the
// face of anywidget's models, so that a view need not know which of the two it has.

export function pageModel(state) {
  const listeners = new Map();
  const heard = (name) => listeners.get(name) ?? listeners.set(name, new Set()).get(name);
  const each = (names, f) => names.split(" ").forEach((name) => f(heard(name)));
  return {
    get: (name) => state[name],
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      for (const f of [...heard(`change:${name}`)]) f();
    },
    // Several values, of which the views hear when all of them are there.
    put(values) {
      const changed = Object.keys(values).filter((name) => state[name] !== values[name]);
      Object.assign(state, values);
      for (const name of changed) for (const f of [...heard(`change:${name}`)]) f();
    },
    save_changes() {},
    on: (names, f) => each(names, (all) => all.add(f)),
    off: (names, f) => each(names, (all) => all.delete(f)),
  };
}
