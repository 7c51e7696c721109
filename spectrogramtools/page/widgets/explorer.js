// What JupyterLab loads to show an explorer.
import { render } from "../views/explorer.js";

export default { render };
