// JupyterLab draws a figure without the description that comes with it. It lies in the picture's file, too
// (plots.show_figure), and is taken from there.

const BEGINNING = 16_384; // of a file, in base64; the description stands before the pixels
const SIGNATURE = 8;
const NAME = "Description";
const FIGURE = ".jp-RenderedImage img:not([alt])";

/**
 * A PNG's description, or "" if it says none.
 * @param {Uint8Array} png the file, or how it begins
 */
export function descriptionOf(png) {
  const latin = new TextDecoder("latin1");
  const numbers = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = SIGNATURE; at + 8 <= png.length; ) {
    const length = numbers.getUint32(at);
    const data = png.subarray(at + 8, at + 8 + length);
    // International text: its name, 0, two bytes about compression, language, 0, translated name, 0, the text.
    if (latin.decode(png.subarray(at + 4, at + 8)) === "iTXt" && latin.decode(data).startsWith(`${NAME}\0`)) {
      const language = NAME.length + 3;
      const translated = data.indexOf(0, language) + 1;
      return new TextDecoder().decode(data.subarray(data.indexOf(0, translated) + 1));
    }
    at += length + 12;
  }
  return "";
}

function describe(image) {
  const [, data] = image.src.match(/^data:image\/png;base64,(.*)$/s) ?? [];
  if (data) image.alt = descriptionOf(Uint8Array.from(atob(data.slice(0, BEGINNING)), (letter) => letter.charCodeAt(0)));
}

const looked = new WeakSet();

/** The figures of the notebook that this element is in, those of today and those to come. */
export function describeFigures(el) {
  const notebook = el.closest(".jp-Notebook");
  if (!notebook || looked.has(notebook)) return;
  looked.add(notebook);
  const look = () => notebook.querySelectorAll(FIGURE).forEach(describe);
  new MutationObserver(look).observe(notebook, { childList: true, subtree: true });
  look();
}
