/** One edit by the form; and what the same server does with as many bytes that mean nothing. */
import type { IBlocked } from './in-page';
import { ROUTE, type Lab } from './test';

export interface IEdit {
  /** Milliseconds from the form's submission to the server's answer. */
  readonly took: number;
  readonly blocked: IBlocked;
}

/** Change the user name of the entry whose page is open. */
export async function edit(lab: Lab, user: string): Promise<IEdit> {
  const { panel, page } = lab;
  const button = panel.getByRole('button', { name: /^Edit / });
  await button.click();
  await lab.fill({ user });
  const measuring = page.evaluate(async route => {
    const stop = bench.watch();
    // Only a person's own key saves.
    const start = await new Promise<number>(resolve =>
      addEventListener('submit', () => resolve(bench.now()), {
        capture: true,
        once: true
      })
    );
    const answered = bench.answered(route, start);
    const took = (await answered) - start;
    // The store takes note of what was saved, and the page shows it.
    return { took, blocked: await stop() };
  }, ROUTE);
  await page.waitForTimeout(50);
  await panel.getByRole('textbox', { name: 'User name' }).press('Enter');
  const measured = await measuring;
  await button.waitFor();
  return measured;
}

/** Put as many bytes as the store has in its place, and then the store back: its tag is the same. */
export function dummyPut({ page }: Lab): Promise<number> {
  return page.evaluate(async route => {
    const put = async (body: Blob, tag: string) => {
      const xsrf = /\b_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? '';
      const start = bench.now();
      const answered = bench.answered(route, start);
      const response = await fetch(route, {
        method: 'PUT',
        body,
        headers: { 'If-Match': tag, 'X-XSRFToken': xsrf }
      });
      if (!response.ok) {
        throw new Error(`HTTP ${response.status}`);
      }
      const took = (await answered) - start;
      return { took, tag: response.headers.get('ETag')! };
    };
    const response = await fetch(route, { cache: 'no-store' });
    const store = await response.blob();
    // The server writes nothing that does not begin like a store.
    const bytes = new Uint8Array(store.size).fill(65);
    bytes.set(new TextEncoder().encode('{"credentialstore":'));
    const dummy = new Blob([bytes]);
    const { took, tag } = await put(dummy, response.headers.get('ETag')!);
    await put(store, tag);
    return took;
  }, ROUTE);
}

/** Ask whether the store has changed: it has not, and the answer has no body. */
export function emptyGet({ page }: Lab): Promise<number> {
  return page.evaluate(async route => {
    const stored = await fetch(route, { cache: 'no-store' });
    await stored.arrayBuffer();
    const tag = stored.headers.get('ETag')!;
    const start = bench.now();
    const answered = bench.answered(route, start);
    await fetch(route, {
      cache: 'no-store',
      headers: { 'If-None-Match': tag }
    });
    return (await answered) - start;
  }, ROUTE);
}
