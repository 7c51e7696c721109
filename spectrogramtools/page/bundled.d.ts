// What the build makes of `import text from "worker:…"`.
declare module "worker:*" {
  const text: string;
  export default text;
}
// Of Safari on iPhones.
interface Navigator {
  audioSession?: { type: string };
}
