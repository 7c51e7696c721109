// The four medians equal the module's to the last bit.

import { test } from "node:test";
import * as medians from "../../spectrogramtools/page/engine/medians.js";
import { cases, equal } from "./arrays.js";

for (const { name, A, running, repeating, similar } of cases("medians")) {
  test(`across time and frequency: ${name}`, () => {
    const before = A.data.slice();
    for (const { width, edges, time, frequency } of running) {
      equal(medians.medianAcrossTime(A, width, edges), time, `time ${width} ${edges}`);
      equal(medians.medianAcrossFrequency(A, width, edges), frequency, `frequency ${width} ${edges}`);
    }
    equal(A.data, before, "what came in is left as it was");
  });

  test(`across periods: ${name}`, () => {
    for (const { period, nearest, model } of repeating) {
      equal(medians.medianAcrossPeriods(A, period, nearest), model, `period ${period}, nearest ${nearest}`);
    }
  });

  test(`across similar: ${name}`, () => equal(medians.medianAcrossSimilar(A, similar.neighbours), similar.model));
}
