/** The benches run in one browser against one server, which run.py has given a home. */
import { join, resolve } from 'node:path';
import { defineConfig } from '../ui-tests/node_modules/@playwright/test';

const home = process.env.BENCH_HOME!;
const port = process.env.BENCH_PORT!;
const bin = resolve(__dirname, '../.venv/bin');

export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: join(home, 'playwright'),
  workers: 1,
  timeout: 300_000,
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${port}`,
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    actionTimeout: 15_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu']
    }
  },
  webServer: {
    command: [
      join(bin, 'jupyter-lab'),
      `--port=${port} --port-retries=0 --allow-root --no-browser --log-level=ERROR`,
      `--IdentityProvider.token=bench --LabApp.expose_app_in_browser=True`,
      `--ServerApp.root_dir=${join(home, 'work')}`
    ].join(' '),
    url: `http://localhost:${port}/api`,
    timeout: 60_000,
    stderr: 'ignore',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
    env: { HOME: home, PATH: bin, PYTHONPATH: '' }
  }
});
