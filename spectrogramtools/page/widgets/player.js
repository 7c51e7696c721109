// What JupyterLab loads to show a player.
import { render } from "../views/player.js";

export default { render };
