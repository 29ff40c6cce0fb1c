/** Whoever can write to the home puts something else in the place of the store's file. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs';
import { join, resolve } from 'node:path';
import { attack } from '../support/attack';
import { DB, expect, test } from '../support/fixtures';
import { PASSPHRASE, type Lab } from '../support/lab';
import { HOME, STORE } from '../support/run';

const GOLDEN = resolve(__dirname, '../../../spec/vectors/golden');
const LATER = { name: 'later', value: 'x' };
const MIB = 1024 * 1024;

/** The store's file and its backups: modes and digests by name. */
function onDisk(): Record<string, string> {
  const names = readdirSync(HOME).filter(name =>
    name.startsWith('.credentialstore')
  );
  return Object.fromEntries(names.map(name => [name, look(join(HOME, name))]));
}

function look(path: string): string {
  const found = lstatSync(path);
  const content = found.isFile()
    ? createHash('sha256').update(readFileSync(path)).digest('hex')
    : found.isDirectory()
      ? readdirSync(path).join()
      : // To read a FIFO would wait for ever.
        `inode ${found.ino}`;
  return `${found.mode.toString(8)} ${content}`;
}

/** The store's file before and after another credential was saved. */
async function twoVersions(lab: Lab): Promise<[string, string]> {
  const older = readFileSync(STORE, 'utf8');
  await lab.add(LATER);
  await expect.poll(() => readFileSync(STORE, 'utf8')).not.toBe(older);
  const good = readFileSync(STORE, 'utf8');
  // The page notes that it has seen it once the server has answered.
  const [epoch] = /\\"epoch\\":\d+,/.exec(good)!;
  await expect
    .poll(() => lab.page.evaluate(() => JSON.stringify({ ...localStorage })))
    .toContain(epoch);
  return [older, good];
}

/** Another character of base64url. */
function altered(text: string, at: number): string {
  const other = text[at] === 'A' ? 'B' : 'A';
  return text.slice(0, at) + other + text.slice(at + 1);
}

/**
 * What a person meets who comes back, with a browser that has seen the good file last. Whatever
 * they then do, nothing is written.
 */
async function visitor(lab: Lab) {
  const { page } = lab;
  const seen = await page.evaluate(() => ({ ...localStorage }));
  const comeBack = async () => {
    await page.evaluate(seen => void Object.assign(localStorage, seen), seen);
    await lab.reload();
    await lab.openPanel();
  };
  const meets = (name: string, put: () => void, look: () => Promise<void>) =>
    attack(name, async () => {
      rmSync(STORE, { recursive: true });
      put();
      const before = onDisk();
      await comeBack();
      await look();
      expect(onDisk()).toEqual(before);
    });
  return { comeBack, meets };
}

const alert = ({ panel }: Lab) => panel.getByRole('alert');

/** There is nothing to unlock, nor to create, and trying again changes nothing. */
async function unusable(lab: Lab, ...words: string[]): Promise<void> {
  const view = lab.panel.locator('.jp-CredentialStore-app');
  const read = async () => {
    for (const text of words) {
      await expect(alert(lab)).toContainText(text);
    }
    await expect(view.getByRole('textbox')).toHaveCount(0);
    await expect(view.getByRole('button')).toHaveText(['Try again']);
  };
  await read();
  const answer = lab.page.waitForResponse(/jupyterlab-credential-store\/file/);
  await view.getByRole('button', { name: 'Try again' }).click();
  await answer;
  await read();
}

/** The passphrase does not open it: for this reason. */
async function shut(lab: Lab, reason: string): Promise<void> {
  const { panel } = lab;
  await panel
    .getByRole('textbox', { name: 'Passphrase', exact: true })
    .fill(PASSPHRASE);
  await panel.getByRole('button', { name: 'Unlock' }).click();
  await expect(alert(lab)).toHaveText(reason);
  await expect(lab.lockButton).toHaveCount(0);
  await expect(lab.row(DB.name)).toHaveCount(0);
}

/** A warning bars the way until the person accepts it. */
async function doubted(lab: Lab, warning: string): Promise<void> {
  const notice = lab.panel.locator('.jp-CredentialStore-notice');
  await expect(notice).toContainText(warning);
  await shut(lab, 'Decide on the warning above first.');
  await notice.getByRole('button', { name: 'Use it anyway' }).click();
  await expect(notice).toHaveCount(0);
}

const ALTERED =
  'The file was altered: its contents do not fit its seal. Restore it from a backup (.bak1 beside it).';
const OLDER =
  'The file is older than the one seen here before: what changed since is not in it.';
const MOVE = 'Rename or move it, or set another path';

test.describe.configure({ mode: 'parallel', timeout: 120_000 });

test('a file that is no store of this version is explained, and left as it is', async ({
  unlocked: lab
}) => {
  const [, good] = await twoVersions(lab);
  const { comeBack, meets } = await visitor(lab);
  const write = (content: string) => () => writeFileSync(STORE, content);

  await meets(
    'the file: cut off in the middle',
    write(good.slice(0, good.length / 2)),
    () =>
      unusable(
        lab,
        'The store’s file is damaged (file, cut off).',
        'Put back one of the backups beside it, ~/.credentialstore.bak1 to .bak3.'
      )
  );
  await meets(
    'the file: of version 2',
    write(good.replace('{"credentialstore":1', '{"credentialstore":2')),
    () =>
      unusable(
        lab,
        'The store was written by a newer version.',
        'Update jupyterlab-credential-store.'
      )
  );
  await meets(
    'the file: another program’s text',
    write('[default]\nregion = eu-central-1\n'),
    () =>
      unusable(
        lab,
        'The file ~/.credentialstore is not a credential store.',
        `It will not be overwritten. ${MOVE}`
      )
  );
  await meets('the file: empty', write(''), () =>
    unusable(
      lab,
      'The file ~/.credentialstore is empty.',
      `It will not be overwritten. ${MOVE}`
    )
  );
  await meets(
    'the file: 200 MB that begin as ours',
    () => {
      writeFileSync(STORE, good);
      truncateSync(STORE, 200 * MIB);
    },
    () =>
      unusable(
        lab,
        'The file ~/.credentialstore is larger than 16 MiB.',
        `No store is, so it is not read, and will not be overwritten. ${MOVE}`
      )
  );

  // Once the good one is back, there is nothing to decide.
  rmSync(STORE, { recursive: true });
  write(good)();
  await comeBack();
  await expect(lab.panel.locator('.jp-CredentialStore-notice')).toHaveCount(0);
  await lab.unlock();
  await expect(lab.row(LATER.name)).toBeVisible();
});

test('what is no file at all is explained, and left as it is', async ({
  unlocked: lab
}) => {
  const { meets } = await visitor(lab);
  for (const [what, make] of Object.entries({
    'a directory': () => mkdirSync(STORE),
    'a FIFO': () => execFileSync('mkfifo', [STORE]),
    'a link to itself': () => symlinkSync(STORE, STORE),
    'a link to a directory': () => symlinkSync(HOME, STORE)
  })) {
    await meets(
      `the file: ${what}`,
      () => void make(),
      () =>
        unusable(
          lab,
          'What is at ~/.credentialstore is no file.',
          `Nothing is written. ${MOVE}`
        )
    );
  }
});

test('a read-only file opens, is not replaced, and is once it may be written', async ({
  unlocked: lab
}) => {
  const [, good] = await twoVersions(lab);
  const { comeBack, meets } = await visitor(lab);
  const notice = lab.panel.locator('.jp-CredentialStore-notice');
  await meets(
    'the file: read-only',
    () => writeFileSync(STORE, good, { mode: 0o400 }),
    async () => {
      await lab.unlock();
      await lab.add({ name: 'third', value: 'x' });
      await expect(notice).toContainText(
        'Not saved yet. The server may not write the file. Check its permissions.'
      );
    }
  );
  chmodSync(STORE, 0o600);
  await notice.getByRole('button', { name: 'Try again' }).click();
  await expect(notice).toHaveCount(0);
  await comeBack();
  await lab.unlock();
  await expect(lab.row('third')).toBeVisible();
});

test('a file with a byte altered does not open, nor one that the person has not accepted', async ({
  unlocked: lab
}) => {
  const { panel } = lab;
  const [older, good] = await twoVersions(lab);
  const { meets } = await visitor(lab);
  const write = (content: string) => () => writeFileSync(STORE, content);
  /** Well within the text of a member. */
  const within = (member: string) => good.indexOf(member) + member.length + 8;

  await meets(
    'the file: a byte of the header altered, the epoch',
    write(good.replace(/(\\"epoch\\":)\d+/, '$19')),
    () => shut(lab, ALTERED)
  );
  await meets(
    'the file: a byte of the header altered, where the key is wrapped',
    write(altered(good, within('\\"wrap\\":\\"'))),
    async () => {
      await doubted(lab, OLDER);
      await shut(lab, 'That passphrase does not open this store.');
    }
  );
  await meets(
    'the file: a byte of the index altered',
    write(altered(good, within('"index":"'))),
    () => shut(lab, ALTERED)
  );
  await meets(
    'the file: a byte of each entry altered',
    write(
      good.replace(/"[\w-]{22}":"[\w-]+"/g, entry => altered(entry, 26 + 40))
    ),
    async () => {
      await lab.unlock();
      for (const { name } of [DB, LATER]) {
        await lab.row(name).click();
        await expect(alert(lab)).toHaveText(ALTERED);
        await expect(
          panel.getByRole('button', { name: /Reveal|Copy|Edit/ })
        ).toHaveCount(0);
        await panel.getByRole('button', { name: 'Back' }).click();
      }
    }
  );
  await meets('the file: an older copy', write(older), async () => {
    await doubted(lab, OLDER);
    await lab.unlock();
    await expect(lab.row(DB.name)).toBeVisible();
    await expect(lab.row(LATER.name)).toHaveCount(0);
  });
  await meets(
    'the file: another vault',
    write(readFileSync(join(GOLDEN, '1-nacl-python.credentialstore'), 'utf8')),
    async () => {
      await doubted(lab, 'Another store than the one seen here before.');
      await shut(lab, 'That passphrase does not open this store.');
    }
  );
});
