/** The walk runs against real servers, in homes of their own that are made for each run. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import type { IOptions } from './tests/support/fixtures';
import {
  INSTALLED,
  servers,
  URL,
  WORKERS,
  type IServer
} from './tests/support/run';

/** Where the Python parts come from in place of those installed: scripts/promises.py breaks copies. */
const SOURCES = process.env.UI_TESTS_PYTHONPATH ?? '';

function server(
  { home, port, url }: IServer,
  venv: string,
  more: readonly string[],
  options: string
) {
  const bin = resolve(__dirname, '..', venv, 'bin');
  mkdirSync(join(home, 'work'), { recursive: true });
  return {
    command: `${join(bin, 'jupyter-lab')} --port=${port} --allow-root --no-browser --port-retries=0 --log-level=ERROR ${options}`,
    url: `${url}/api`,
    timeout: 60_000,
    gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 5000 },
    env: {
      HOME: home,
      UI_TESTS_HOME: home,
      JUPYTERLAB_GALATA_ROOT_DIR: join(home, 'work'),
      PATH: [bin, ...more].join(':'),
      PYTHONPATH: SOURCES
    }
  };
}

export default defineConfig<IOptions>({
  testDir: 'tests',
  outputDir: 'test-results',
  workers: WORKERS,
  // Jupyter's server may lose a kernel's connection at its start (a None in its websocket handler).
  // What passes at the second try only is counted as such in the closing lines.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE
    ? [['list'], ['json']]
    : [['list']],
  use: {
    baseURL: URL,
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    actionTimeout: 15_000,
    video: 'off',
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        // A page that a test has altered counts as a public one, which may not call localhost.
        '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
        // A name that is not localhost: there, browsers hold back crypto.subtle and more.
        '--host-resolver-rules=MAP plain.test 127.0.0.1'
      ]
    }
  },
  projects: [
    { name: 'light', testIgnore: '**/pictures/**' },
    {
      // Each step of the walk, and what axe looks at.
      name: 'dark',
      testDir: 'tests/walk',
      grep: /@dark/,
      use: { theme: 'JupyterLab Dark' }
    },
    { name: 'pictures-light', testDir: 'tests/pictures' },
    {
      name: 'pictures-dark',
      testDir: 'tests/pictures',
      use: { theme: 'JupyterLab Dark' }
    }
  ],
  webServer: Array.from({ length: WORKERS }, (_, worker) => {
    const { recording, installed } = servers(worker);
    return [
      server(
        recording,
        '.venv',
        // For R, which is a shell script.
        ['/usr/bin', '/bin'],
        `--config=${join(__dirname, 'jupyter_server_test_config.py')}`
      ),
      // The wheels, in an environment of their own; a token and the XSRF check, as people have.
      server(
        installed,
        '.venv-fresh',
        // No Node.js: a person needs none.
        [],
        `--IdentityProvider.token=${INSTALLED.token} --ServerApp.root_dir=${join(installed.home, 'work')} --LabApp.expose_app_in_browser=True`
      )
    ];
  }).flat()
});
