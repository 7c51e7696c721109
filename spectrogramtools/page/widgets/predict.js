// What JupyterLab loads to show a prediction.
import { render } from "../views/predict.js";

export default { render };
