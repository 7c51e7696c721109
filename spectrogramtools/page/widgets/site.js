// What every page of the site loads, as a plain script: a page that was opened as a file may load no modules.
import { followTheme, openOnPaper, scrollByKeys } from "../site/page.js";
import { wakeOnPress } from "../site/waking.js";

followTheme();
openOnPaper();
scrollByKeys();
for (const asleep of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".st-asleep"))) wakeOnPress(asleep);
