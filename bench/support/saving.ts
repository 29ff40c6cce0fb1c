/** One edit by the form; and what the same server does with as many bytes that mean nothing. */
import { ROUTE, type Lab } from './test';

/**
 * Change the user name of the entry whose page is open.
 *
 * @returns Milliseconds from the form's submission to the server's answer.
 */
export async function edit(lab: Lab, user: string): Promise<number> {
  const { panel, page } = lab;
  const button = panel.getByRole('button', { name: /^Edit / });
  await button.click();
  await lab.fill({ user });
  const took = await page.evaluate(async route => {
    const start = bench.now();
    const answered = bench.answered(route, start);
    document
      .querySelector<HTMLFormElement>('.jp-CredentialStore-shell form')!
      .requestSubmit();
    return (await answered) - start;
  }, ROUTE);
  await button.waitFor();
  // The store takes note of what was saved.
  await page.waitForTimeout(100);
  return took;
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
    const dummy = new Blob([new Uint8Array(store.size).fill(65)]);
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
