// What the build makes of `import text from "worker:…"`.
declare module "worker:*" {
  const text: string;
  export default text;
}

// Safari's, since 16.4.
interface Navigator {
  audioSession?: { type: string };
}
