// A list that is put in order by buttons: under a finger, with the mouse and by keys alike.

import { element } from "./axes.js";
import { inline, plain } from "./prose.js";

// `items` are texts; gives `order()`, their indices as they stand, `put(indices)`, and `hold(true)`, which fixes them.
export function drawOrdering(root, items, label, moved) {
  const list = element("ol", "st-order", root, { "aria-label": label });
  const rows = items.map((text, i) => {
    const row = element("li", "", list);
    const body = element("div", "st-row", row);
    inline(element("span", "st-item", body), text);
    const [up, down] = [{ by: -1, face: "▲", where: "up" }, { by: 1, face: "▼", where: "down" }].map(({ by, face, where }) => {
      const button = element("button", "st-move", body, { type: "button", "aria-label": `move ${plain(text)} ${where}` }, face);
      button.onclick = () => move(i, by, button);
      return button;
    });
    return { row, up, down };
  });
  let order = items.map((_, i) => i);

  function move(i, by, button) {
    const [at, to] = [order.indexOf(i), order.indexOf(i) + by];
    if (to < 0 || to >= order.length) return;
    const news = [...order];
    [news[at], news[to]] = [news[to], news[at]];
    put(news);
    button.focus(); // what is moved loses it
    moved(`${plain(items[i])} is now number ${to + 1} of ${order.length}`);
  }

  function put(news) {
    order = news;
    order.forEach((i, place) => {
      const { row, up, down } = rows[i];
      if (list.children[place] !== row) list.insertBefore(row, list.children[place]);
      // Not disabled: a button that has the focus would lose it.
      up.setAttribute("aria-disabled", String(place === 0));
      down.setAttribute("aria-disabled", String(place === order.length - 1));
    });
  }

  put(order);
  return {
    order: () => [...order],
    put,
    hold: (fixed) => rows.forEach(({ up, down }) => (up.hidden = down.hidden = fixed)),
  };
}
