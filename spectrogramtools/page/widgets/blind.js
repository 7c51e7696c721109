// What JupyterLab loads to show a blind test.
import { render } from "../views/blind.js";

export default { render };
