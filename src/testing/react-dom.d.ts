// The part of react-dom that the tests use; its own types are not installed.
declare module 'react-dom/client' {
  import type { ReactNode } from 'react';
  export function createRoot(container: Element): {
    render(node: ReactNode): void;
    unmount(): void;
  };
}
