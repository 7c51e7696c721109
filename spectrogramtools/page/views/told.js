// What stands in the player's place where nothing is heard: a text, which screen readers say when it changes; and what went
// wrong.

import { element } from "./axes.js";

export function render({ model, el }) {
  const root = element("div", "st-text", el);
  const caption = element("div", "", root, { role: "status" });
  const message = element("div", "st-message", root, { role: "status" });
  function tell() {
    caption.textContent = model.get("caption");
    message.textContent = model.get("message");
  }
  tell();
  const watched = "change:caption change:message";
  model.on(watched, tell);
  return () => model.off(watched, tell);
}
