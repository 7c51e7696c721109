// The explorer of two sounds' balance in the page gives what the module gives.

import { sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_balance");
