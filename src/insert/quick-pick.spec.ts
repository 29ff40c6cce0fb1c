import { nullTranslator } from '@jupyterlab/translation';
import { click, press, settle, type } from '../testing/render';
import { entry } from '../testing/store';
import { quickPick } from './quick-pick';

const trans = nullTranslator.load('jupyterlab_credential_store');

let over: AbortController;
let picked: Promise<string | null>;

async function open(...names: string[]): Promise<void> {
  over = new AbortController();
  const entries = names.map(name => entry(name, { user: `user of ${name}` }));
  await settle(() => {
    picked = quickPick({
      find: query => entries.filter(({ name }) => name.includes(query)),
      trans,
      over: over.signal
    });
  });
}

afterEach(() => settle(() => over.abort()));

const input = () => document.querySelector<HTMLInputElement>('[type=search]')!;
const options = () => [
  ...document.querySelectorAll<HTMLElement>('[role=option]')
];
const active = () =>
  document.getElementById(input().getAttribute('aria-activedescendant')!);

it('opens with the focus in the search, and shows names and users', async () => {
  await open('api', 'db');
  expect(document.activeElement).toBe(input());
  expect(options().map(o => o.textContent)).toEqual([
    'apiuser of api',
    'dbuser of db'
  ]);
});

it('finds as one types', async () => {
  await open('api', 'db');
  await type(input(), 'd');
  expect(options().map(o => o.textContent)).toEqual(['dbuser of db']);
  await press(input(), 'Enter');
  expect(await picked).toBe('db');
});

it('moves with the arrows, not beyond the ends, and tells which is active', async () => {
  await open('api', 'db', 'ssh');
  await press(input(), 'ArrowUp');
  expect(active()!.textContent).toContain('api');
  for (let i = 0; i < 4; i++) {
    await press(input(), 'ArrowDown');
  }
  expect(active()!.textContent).toContain('ssh');
  expect(options().map(o => o.getAttribute('aria-selected'))).toEqual([
    'false',
    'false',
    'true'
  ]);
  await press(input(), 'ArrowUp');
  await press(input(), 'Enter');
  expect(await picked).toBe('db');
});

it('starts at the top with each new search', async () => {
  await open('api', 'db', 'dbx');
  await press(input(), 'ArrowDown');
  await press(input(), 'ArrowDown');
  await type(input(), 'db');
  await press(input(), 'Enter');
  expect(await picked).toBe('db');
});

it('takes a click', async () => {
  await open('api', 'db');
  await click(options()[1]);
  expect(await picked).toBe('db');
});

it('scrolls to what the arrows come to', async () => {
  await open('api', 'db');
  const scroll = jest.spyOn(options()[1], 'scrollIntoView');
  await press(input(), 'ArrowDown');
  expect(scroll).toHaveBeenCalledWith({ block: 'nearest' });
});

it('closes with a click beside it, and only there', async () => {
  await open('api');
  const down = (target: Element) =>
    settle(() =>
      target.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))
    );
  await down(input());
  expect(document.querySelector('[role=dialog]')).not.toBeNull();
  await down(document.querySelector('.jp-Dialog')!);
  expect(await picked).toBeNull();
});

it('picks nothing with Escape, and gives the focus back', async () => {
  const before = document.createElement('input');
  document.body.append(before);
  before.focus();
  await open('api');
  await press(input(), 'Escape');
  expect(await picked).toBeNull();
  expect(document.activeElement).toBe(before);
  expect(document.querySelector('[role=dialog]')).toBeNull();
  before.remove();
});

it('closes when the store locks', async () => {
  await open('api');
  await settle(() => over.abort());
  expect(await picked).toBeNull();
  expect(document.body.textContent).not.toContain('api');
});

it('says that nothing was found, and Enter then picks nothing', async () => {
  await open('api');
  await type(input(), 'zzz');
  expect(document.body.textContent).toContain('Nothing found.');
  await press(input(), 'Enter');
  expect(await picked).toBeNull();
});

it('shows fifty, and how many more there are', async () => {
  await open(...Array.from({ length: 53 }, (_, i) => `n${i}`));
  expect(options()).toHaveLength(50);
  expect(document.body.textContent).toContain('3 more: type to narrow');
});
