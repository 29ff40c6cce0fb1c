/** Renders views in jsdom, and does to them what a person does. */
import { act, type ReactElement } from 'react';
import { createRoot } from 'react-dom/client';

(globalThis as any).IS_REACT_ACT_ENVIRONMENT = true;

const mounted = new Set<() => void>();

/** The container; it is taken away by `cleanUp`. */
export async function render(element: ReactElement): Promise<HTMLElement> {
  const container = document.createElement('div');
  document.body.append(container);
  const root = createRoot(container);
  mounted.add(() => {
    act(() => root.unmount());
    container.remove();
  });
  await settle(() => root.render(element));
  return container;
}

export function cleanUp(): void {
  mounted.forEach(unmount => unmount());
  mounted.clear();
}

/** Do something and let promises and effects run out. */
export async function settle(action: () => unknown = () => 0): Promise<void> {
  await act(async () => {
    await action();
    for (let i = 0; i < 20; i++) {
      await Promise.resolve();
    }
  });
}

export async function type(
  field: HTMLInputElement | HTMLTextAreaElement,
  text: string
): Promise<void> {
  await settle(() => {
    const prototype = Object.getPrototypeOf(field) as object;
    // React's own tracker shadows `value` on the element.
    Object.getOwnPropertyDescriptor(prototype, 'value')!.set!.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

export async function press(target: Element, key: string): Promise<void> {
  await settle(() =>
    target.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
    )
  );
}

export async function click(target: HTMLElement): Promise<void> {
  await settle(() => target.click());
}

/** Move the pointer there. */
export async function hover(
  target: Element,
  from: Element | null = null
): Promise<void> {
  const [bubbles, relatedTarget] = [true, from];
  await settle(() => {
    from?.dispatchEvent(
      new MouseEvent('mouseout', { bubbles, relatedTarget: target })
    );
    target.dispatchEvent(
      new MouseEvent('mouseover', { bubbles, relatedTarget })
    );
  });
}

/** The only button of that name, by its label or its text. */
export function button(within: ParentNode, name: string): HTMLButtonElement {
  return named(within, 'button', name) as HTMLButtonElement;
}

/** The only field of that name. */
/** Resolves with whether the browser would have pasted it. */
export async function paste(into: Element, text: string): Promise<boolean> {
  const event = Object.assign(
    new Event('paste', { bubbles: true, cancelable: true }),
    { clipboardData: { getData: () => text } }
  );
  await settle(() => void into.dispatchEvent(event));
  return !event.defaultPrevented;
}

export function field(within: ParentNode, name: string): HTMLInputElement {
  return named(within, 'input, textarea, select', name) as HTMLInputElement;
}

export function has(within: ParentNode, name: string): boolean {
  return all(within, 'button, input, textarea, select', name).length > 0;
}

function named(within: ParentNode, selector: string, name: string): Element {
  const found = all(within, selector, name);
  if (found.length !== 1) {
    throw new Error(`${found.length} times “${name}”`);
  }
  return found[0];
}

function all(within: ParentNode, selector: string, name: string): Element[] {
  return [...within.querySelectorAll(selector)].filter(
    element => nameOf(element) === name
  );
}

function nameOf(element: Element): string {
  const label = element.getAttribute('aria-label');
  const text = (element.closest('label') ?? element).textContent ?? '';
  return (label ?? text).trim();
}

/** What the person is told of a field's error: the text that its `aria-describedby` leads to. */
export function errorOf(input: Element): string {
  const id = input.getAttribute('aria-describedby');
  return (id && document.getElementById(id)?.textContent) || '';
}
