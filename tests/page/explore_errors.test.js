// The explorer of errors made by hand gives what the module gives, and what is heard at first is the estimate.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cases } from "./arrays.js";
import { explorerOf, nothing, sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_errors");

const recipeOf = (kind) => JSON.parse(readFileSync(new URL(`../../spectrogramtools/explorers/${kind}.json`, import.meta.url), "utf8"));

test("there is a sound of the name that is heard at first", async () => {
  for (const kind of ["errors", "griffin_lim"]) {
    const [start] = cases(`explore_${kind}`);
    const { player } = await explorerOf(start).update(start.at_first, nothing);
    assert(player.names.includes(recipeOf(kind).chosen));
  }
});
