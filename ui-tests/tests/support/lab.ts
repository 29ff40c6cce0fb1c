/** What a person does in JupyterLab: open the panel, keep credentials, run cells, answer dialogs. */
import AxeBuilder from '@axe-core/playwright';
import type { NodeResult } from 'axe-core';
import { expect, type Locator, type Page } from '@playwright/test';
import { Traffic } from './traffic';

export const PASSPHRASE = 'correct horse battery staple';

/** What the first run has under "Advanced". */
export type Suite = 'nacl' | 'aes';

export interface INewCredential {
  name: string;
  value: string;
  user?: string;
  url?: string;
  notes?: string;
  tags?: string;
}

declare global {
  interface Window {
    inputBoxes: string[];
  }
}

/** Every input box that appears for however short a time; runs in the page before anything else. */
function watchInputBoxes(): void {
  window.inputBoxes = [];
  new MutationObserver(changes => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (node instanceof HTMLElement) {
          const found = node.matches('.jp-Stdin')
            ? node
            : node.querySelector('.jp-Stdin');
          if (found) {
            window.inputBoxes.push(found.textContent ?? '');
          }
        }
      }
    }
  }).observe(document, { subtree: true, childList: true });
}

/** Lab's own toolbar buttons are a custom element that says whether it is pressed. */
function isPressedButton({ html, any, all, none }: NodeResult): boolean {
  return (
    html.startsWith('<jp-button ') &&
    [...any, ...all, ...none].every(
      ({ message }) =>
        message === 'ARIA attribute is not allowed: aria-pressed="false"'
    )
  );
}

export class Lab {
  constructor(readonly page: Page) {
    this.traffic = new Traffic(page);
    this.panel = page.locator('.jp-CredentialStore-shell');
    this.dialog = page.locator('.jp-CredentialStore-consent');
  }

  readonly traffic: Traffic;
  readonly panel: Locator;
  readonly dialog: Locator;

  /** Call before the page goes anywhere. */
  async watch(): Promise<void> {
    await this.page.addInitScript(watchInputBoxes);
  }

  /** Galata's own waits for the launcher, which is not in front where documents come back. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('domcontentloaded');
    await this.page.evaluate(() => location.reload());
    await loaded;
    await this.ready();
  }

  /** The layout of last time is back: before that, what is clicked may be undone. */
  async ready(): Promise<void> {
    await this.page.waitForFunction(() => !!window.jupyterapp);
    await this.page.evaluate(async () => {
      await window.jupyterapp.started;
      await window.jupyterapp.restored;
    });
  }

  inputBoxes(): Promise<string[]> {
    return this.page.evaluate(() => window.inputBoxes);
  }

  // --- the panel ---------------------------------------------------------------------------

  async openPanel(): Promise<void> {
    // Lab may open it meanwhile, as it was last time, and then a click closes it.
    await expect(async () => {
      if (!(await this.panel.isVisible())) {
        await this.page.getByRole('tab', { name: /^Credentials/ }).click();
      }
      await expect(this.panel).toBeVisible({ timeout: 2000 });
    }).toPass();
  }

  async createStore(passphrase?: string, suite?: Suite): Promise<string> {
    const code = await this.beginStore(passphrase, suite);
    await this._confirmCode();
    await expect(this.panel.getByText('No credentials yet.')).toBeVisible();
    return code;
  }

  /** Goes as far as the recovery code, and returns it: there is no store yet. */
  async beginStore(passphrase = PASSPHRASE, suite?: Suite): Promise<string> {
    const { panel } = this;
    await this.openPanel();
    for (const name of ['Passphrase', 'Repeat passphrase']) {
      await panel.getByRole('textbox', { name, exact: true }).fill(passphrase);
    }
    if (suite) {
      await panel.getByText('Advanced', { exact: true }).click();
      await panel.getByLabel('Cipher').selectOption(suite);
    }
    await panel.getByRole('button', { name: 'Create store' }).click();
    return this._shownCode();
  }

  /** Needs the old passphrase or the recovery code; returns the new code. */
  async changePassphrase(current: string, next: string): Promise<string> {
    const { panel } = this;
    for (const [name, text] of [
      ['Current passphrase, or recovery code', current],
      ['New passphrase', next],
      ['Repeat new passphrase', next]
    ]) {
      await panel.getByRole('textbox', { name, exact: true }).fill(text);
    }
    await panel.getByRole('button', { name: 'Change passphrase' }).click();
    const code = await this._shownCode();
    await this._confirmCode();
    return code;
  }

  private async _shownCode(): Promise<string> {
    const code = this.panel.getByLabel('Recovery code', { exact: true });
    await code.waitFor();
    return (await code.textContent())!.trim();
  }

  private async _confirmCode(): Promise<void> {
    await this.panel.getByLabel('I have kept this code').check();
    await this.panel.getByRole('button', { name: 'Finish' }).click();
  }

  async unlock(passphrase = PASSPHRASE): Promise<void> {
    await this.openPanel();
    await this.panel
      .getByRole('textbox', { name: 'Passphrase', exact: true })
      .fill(passphrase);
    await this.panel.getByRole('button', { name: 'Unlock' }).click();
    await expect(this.lockButton).toBeVisible();
  }

  get lockButton(): Locator {
    return this.panel.getByRole('button', { name: 'Lock', exact: true });
  }

  async lock(): Promise<void> {
    await this.openPanel();
    await this.lockButton.click();
    await expect(
      this.panel.getByRole('button', { name: 'Unlock' })
    ).toBeVisible();
  }

  /** Leaves the new credential's page open. */
  async add(credential: INewCredential): Promise<void> {
    await this.openPanel();
    await this.panel
      .locator('.jp-Toolbar')
      .getByRole('button', { name: 'Add credential' })
      .click();
    await this.fill(credential);
    await this.panel.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(
      this.panel.getByRole('heading', { name: credential.name, exact: true })
    ).toBeVisible();
  }

  async fill(credential: Partial<INewCredential>): Promise<void> {
    const labels = {
      name: 'Name',
      value: 'Value',
      user: 'User name',
      url: 'URL',
      notes: 'Notes',
      tags: 'Tags, separated by commas'
    } as const;
    for (const [part, label] of Object.entries(labels)) {
      const text = credential[part as keyof INewCredential];
      if (text !== undefined) {
        await this.panel
          .getByRole('textbox', { name: label, exact: true })
          .fill(text);
      }
    }
  }

  async back(): Promise<void> {
    await this.panel.getByRole('button', { name: 'Back' }).click();
  }

  row(name: string): Locator {
    return this.panel
      .getByRole('option')
      .filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** From the menu of the row below the pointer, or of the page that is shown. */
  async fromMenu(name: string, item: string): Promise<void> {
    await this.panel
      .getByRole('button', { name: `Menu for ${name}`, exact: true })
      .click();
    // Lab's own menu bar has an "Edit" as well.
    await this.page
      .locator('.lm-Menu')
      .getByRole('menuitem', { name: item, exact: true })
      .click();
  }

  // --- notebooks and consoles --------------------------------------------------------------

  /** A new notebook, in front, its kernel idle. */
  async newNotebook(path: string, kernel = 'python3'): Promise<void> {
    await this.page.evaluate(
      async ([path, kernel]) => {
        const { commands, serviceManager } = window.jupyterapp;
        const name = path.split('/').pop()!;
        await serviceManager.contents.save(path, {
          type: 'notebook',
          format: 'json',
          name,
          path,
          content: {
            cells: [
              {
                cell_type: 'code',
                id: 'first',
                execution_count: null,
                metadata: {},
                outputs: [],
                source: ''
              }
            ],
            metadata: { kernelspec: { name: kernel, display_name: kernel } },
            nbformat: 4,
            nbformat_minor: 5
          }
        });
        await commands.execute('docmanager:open', { path });
      },
      [path, kernel]
    );
    await this.kernelReady();
  }

  /** A new notebook, in front, that is ready to ask for credentials. */
  async newClient(
    path: string,
    imports = 'from kernel_connector import get_credential'
  ): Promise<void> {
    await this.newNotebook(path);
    await this.runToEnd(imports);
  }

  async openNotebook(path: string): Promise<void> {
    await this.page.evaluate(async path => {
      await window.jupyterapp.commands.execute('docmanager:open', { path });
    }, path);
    await this.kernelReady();
  }

  /** Waits for the kernel of the notebook in front: code that is run before it listens is lost. */
  async kernelReady(): Promise<void> {
    await this.page.evaluate(async () => {
      const panel = window.jupyterapp.shell.currentWidget as unknown as {
        sessionContext: {
          ready: Promise<void>;
          session: { kernel: { info: Promise<unknown> } };
        };
      };
      await panel.sessionContext.ready;
      await panel.sessionContext.session.kernel.info;
    });
    await expect(
      this.notebook.locator('.jp-Notebook-ExecutionIndicator')
    ).toHaveAttribute('data-status', 'idle', { timeout: 60_000 });
  }

  /** A new code console, in front. */
  async newConsole(): Promise<void> {
    await this.page.evaluate(async () => {
      const panel = await window.jupyterapp.commands.execute('console:create', {
        kernelPreference: { name: 'python3' },
        activate: true
      });
      await panel.sessionContext.ready;
      await panel.sessionContext.session.kernel.info;
    });
  }

  /** Run code at the console's prompt. */
  async runInConsole(code: string): Promise<void> {
    await this.page.locator('.jp-CodeConsole-promptCell .cm-content').click();
    await this.page.keyboard.insertText(code);
    await this.page.keyboard.press('Shift+Enter');
  }

  get consoleOutputs(): Locator {
    return this.page.locator('.jp-CodeConsole-content .jp-OutputArea-output');
  }

  get notebook(): Locator {
    return this.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  }

  get cells(): Locator {
    return this.notebook.locator('.jp-CodeCell');
  }

  /** Put code into the last cell and run it. Returns the cell. */
  async run(code: string): Promise<Locator> {
    const count = await this.cells.count();
    const cell = this.cells.nth(count - 1);
    await cell.locator('.cm-content').click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(code);
    await this.page.keyboard.press('Shift+Enter');
    return cell;
  }

  /** As `run`; resolves when the cell has run. */
  async runToEnd(code: string): Promise<Locator> {
    const cell = await this.run(code);
    await this.ended(cell);
    return cell;
  }

  async ended(cell: Locator): Promise<void> {
    await expect(cell.locator('.jp-InputPrompt')).toHaveText(/\[\d+\]:/, {
      timeout: 30_000
    });
  }

  async save(): Promise<void> {
    await this.page.evaluate(() =>
      window.jupyterapp.commands.execute('docmanager:save')
    );
  }

  // --- the dialog --------------------------------------------------------------------------

  /** Press a button of the dialog, as soon as it can be pressed. */
  async answer(button: string): Promise<void> {
    const shown = await this.dialog.elementHandle();
    const found = this.dialog.getByRole('button', {
      name: button,
      exact: true
    });
    await expect(found).not.toHaveAttribute('aria-disabled', 'true');
    await found.click();
    // The next question may be up at once.
    await shown.waitForElementState('hidden');
  }

  /** The buttons that allow: all in one row, or one to a row; never some here and some there. */
  async buttonsAligned(): Promise<void> {
    const allow = this.dialog.getByRole('button', { name: /allow/i });
    const tops = await allow.evaluateAll(buttons =>
      buttons.map(button => button.getBoundingClientRect().top)
    );
    const lines = new Set(tops.map(Math.round)).size;
    expect([1, tops.length]).toContain(lines);
  }

  // --- checks ------------------------------------------------------------------------------

  /** No fault that axe finds, in a part of the page. */
  async accessible(part: string): Promise<void> {
    const result = await new AxeBuilder({ page: this.page })
      .include(part)
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'])
      // Lab's page has its landmarks and its headings elsewhere.
      .disableRules(['region', 'heading-order', 'page-has-heading-one'])
      .analyze();
    expect(result.passes).not.toEqual([]);
    expect(
      result.violations.flatMap(({ id, help, nodes }) =>
        nodes
          .filter(node => !isPressedButton(node))
          .map(({ html }) => `${id}: ${help}: ${html}`)
      )
    ).toEqual([]);
  }

  /** None of the texts is anywhere in the document, in attributes or fields either. */
  async holdsNone(...texts: string[]): Promise<void> {
    const found = await this.page.evaluate(texts => {
      const fields = [...document.querySelectorAll('input, textarea')].map(
        field => (field as HTMLInputElement).value
      );
      const all = [document.documentElement.outerHTML, ...fields].join('\n');
      return texts.filter(text => all.includes(text));
    }, texts);
    expect(found).toEqual([]);
  }
}
