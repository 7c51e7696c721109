// The function, which computes only if its arguments are not those of its last call.
export function kept(compute) {
  let last = null;
  let result;
  return (...args) => {
    if (!last || args.some((arg, i) => arg !== last[i])) {
      result = compute(...args);
      last = args;
    }
    return result;
  };
}
