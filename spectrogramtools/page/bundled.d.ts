// What the build makes of `import text from "worker:…"`.
declare module "worker:*" {
  const text: string;
  export default text;
}
