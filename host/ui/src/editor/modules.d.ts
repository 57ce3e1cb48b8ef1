// Files that are read as text.
declare module '*.d.ts?raw' {
  const text: string;
  export default text;
}
