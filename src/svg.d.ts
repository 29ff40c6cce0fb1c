/** The builder loads `.svg` files as text. */
declare module '*.svg' {
  const svg: string;
  export default svg;
}
