// What JupyterLab loads to show a chart.
import { render } from "../views/chart.js";

export default { render };
