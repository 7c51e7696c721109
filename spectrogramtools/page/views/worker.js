// A Worker from its text: a Blob's address works from a file, in a notebook and on a site alike.
export function workerFrom(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(address);
  URL.revokeObjectURL(address);
  return worker;
}
