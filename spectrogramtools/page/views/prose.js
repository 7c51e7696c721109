// A little Markdown, made of elements: paragraphs, lists, and within them code, emphasis and links. Nothing in a text
// becomes HTML.

import { element } from "./axes.js";

const ITEM = /^(?:[-*]|(\d+)\.) +/;
// Code, strong, emphasis, a link; or a sign that is meant as it stands.
const INLINE = /`([^`]+)`|\*\*(.+?)\*\*|\*(?!\s)([^*]*[^*\s])\*|\b_(?!\s)([^_]*[^_\s])_\b|\[([^\]]+)\]\(([^)\s]+)\)|\\([\\`*_[\]])/;
const SAFE = /^(https?:|mailto:|(?![a-z][a-z0-9+.-]*:))/i;

export function prose(root, text) {
  for (const block of text.split(/\n\s*\n/)) {
    let list = null;
    let into = null; // what further lines belong to
    for (const line of block.split("\n")) {
      const found = ITEM.exec(line.trimStart());
      if (found) {
        list ??= element(found[1] ? "ol" : "ul", "", root, found[1] ? { start: found[1] } : {});
        into = { root: element("li", "", list), text: line.trimStart().slice(found[0].length) };
      } else if (into) into.text += ` ${line.trim()}`;
      else into = { root: element("p", "", root), text: line.trim() };
      into.root.replaceChildren();
      inline(into.root, into.text);
    }
  }
}

export function inline(root, text) {
  for (let rest = text; rest; ) {
    const found = INLINE.exec(rest);
    if (!found) return root.append(rest);
    const [all, code, strong, star, dash, link, address, sign] = found;
    root.append(rest.slice(0, found.index));
    if (code) element("code", "", root, {}, code);
    else if (strong) inline(element("strong", "", root), strong);
    else if (star || dash) inline(element("em", "", root), star ?? dash);
    else if (sign) root.append(sign);
    else inline(SAFE.test(address) ? element("a", "", root, { href: address }) : root, link);
    rest = rest.slice(found.index + all.length);
  }
}

// The same without any marks, for what is read out.
export function plain(text) {
  const all = document.createElement("span");
  inline(all, text);
  return all.textContent;
}
