// The lines of code that an explorer shows, filled in from its recipe; explorers/code.py does the same in Python.

// Whether values are among those that a part of a recipe asks for.
export const holds = ({ when = {} }, facts) => Object.entries(when).every(([name, values]) => values.includes(facts[name]));
const filled = (line, facts) => line.replace(/\{(\w+)\}/g, (_, name) => String(facts[name]));

export function codeOf(blocks, facts, channels) {
  const block = blocks.find((candidate) => holds(candidate, facts));
  const chosen = block.lines.filter((line) => typeof line === "string" || holds(line, facts));
  let lines = chosen.map((line) => filled(line.line ?? line, facts));
  if (channels > 1 && block.each_channel) {
    const parts = block.each_channel.join(", ");
    const sides = "map(of_one_channel, y)";
    const together = block.each_channel.length === 1 ? `np.stack([*${sides}])` : `map(np.stack, zip(*${sides}))`;
    lines = [
      "def of_one_channel(y):",
      ...lines.map((line) => `    ${line}`),
      `    return ${parts}`,
      "",
      `${parts} = ${together}`,
    ];
  }
  return [...(block.imports ? [block.imports] : []), ...lines].join("\n");
}
