// What every page of the site loads, as a plain script: a page that was opened as a file may load no modules.
import { followTheme, loadTheRest, openOnPaper, scrollByKeys } from "../site/page.js";
import { takeSongs } from "../site/song.js";
import { wakeAtOnce, wakeOnPress } from "../site/waking.js";

followTheme();
openOnPaper();
loadTheRest();
scrollByKeys();
for (const asleep of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".st-asleep"))) wakeOnPress(asleep);
for (const silent of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".st-at-once"))) wakeAtOnce(silent);
const song = document.getElementById("your-song");
if (song) takeSongs(song);
