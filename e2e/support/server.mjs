// The program under test: the debug binary on a free port, with a data folder of its own.
import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { OUT } from './out.mjs';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const READY_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 10_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const binary = () => process.env.VANTHU_BIN || join(REPOSITORY, 'target/debug/vanthu');

/** Runs a command of the program to its end and gives what it printed. */
export async function runVanthu(args, env = {}) {
  const { stdout } = await promisify(execFile)(binary(), args, { cwd: REPOSITORY, env: { ...process.env, ...env } });
  return stdout;
}

/**
 * Starts `vanthu serve` with the demo province and waits until it answers /health/ready.
 * @param {string} name names the log file below e2e/out
 * @param {Record<string, string>} settings further settings, as environment variables: `VANTHU__SIGN_IN__LOCK_MINUTES`
 * @param {number} agencies how many agencies the province has
 * @returns {Promise<{url: string, data: string, log: string, stop: () => Promise<void>}>}
 */
export async function startServer(name, settings = {}, agencies = 5) {
  const data = await mkdtemp(join(tmpdir(), 'vanthu-e2e-'));
  return serve(name, data, ['--demo', '--demo-agencies', String(agencies)], settings);
}

/**
 * Starts an installation that somebody has just begun: one agency, one administrator, nothing else.
 * @param {string} name names the log file
 * @param {Record<string, string>} first what `vanthu admin init` is told: agency, code, place, administrator
 * @returns {Promise<{url: string, data: string, log: string, account: string, password: string, stop: () => Promise<void>}>}
 */
export async function startNewServer(name, first) {
  const data = await mkdtemp(join(tmpdir(), 'vanthu-e2e-'));
  const told = Object.entries(first).flatMap(([key, value]) => [`--${key}`, value]);
  const printed = await runVanthu(['admin', 'init', ...told], { VANTHU__DATA__FOLDER: data });
  const [, account] = printed.match(/Tài khoản quản trị: (\S+)/);
  const [, password] = printed.match(/đăng nhập\): (\S+)/);
  return { ...(await serve(name, data, [])), account, password };
}

/**
 * Starts the emulated axis between installations.
 * @param {string} name names the log file
 * @param {string} systems its file (TOML)
 * @returns {Promise<{url: string, control: string, stop: () => Promise<void>}>}
 */
export async function startAxis(name, systems) {
  const folder = await mkdtemp(join(tmpdir(), 'vanthu-e2e-axis-'));
  const file = join(folder, 'axis.toml');
  await writeFile(file, systems);
  const args = ['--config', file, 'axis-emulator', '--json', '--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--folder', join(folder, 'packets')];
  const child = spawn(binary(), args, { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'] });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended: ${code}`)));
  });
  const stop = async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  const { axis, control } = JSON.parse(line);
  return { url: axis, control, stop };
}

async function serve(name, data, args, settings = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await mkdir(OUT, { recursive: true });
  const log = join(OUT, `${name}.log`);
  const sink = createWriteStream(log);
  const child = spawn(binary(), ['serve', ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, VANTHU__DATA__FOLDER: data, VANTHU__SERVER__ADDRESS: `127.0.0.1:${port}`, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let failed;
  const exited = new Promise((resolve) => {
    child.once('error', (error) => { failed = error; resolve(); });
    child.once('exit', (code, signal) => { failed ??= new Error(`vanthu ended: ${code ?? signal}`); resolve(); });
  });
  child.stdout.pipe(sink, { end: false });
  child.stderr.pipe(sink, { end: false });

  const stop = async () => {
    if (!failed) {
      child.kill('SIGTERM');
      const late = sleep(STOP_WITHIN_MS, 'late', { ref: false });
      if ((await Promise.race([exited, late])) === 'late') {
        child.kill('SIGKILL');
        await exited;
      }
    }
    sink.end();
    await rm(data, { recursive: true, force: true });
  };

  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(url))) {
    if (failed || Date.now() > deadline) {
      const reason = failed ?? new Error(`vanthu was not ready within ${READY_WITHIN_MS / 1000} s`);
      await stop();
      throw new Error(`${reason.message}\n${await readFile(log, 'utf8')}`, { cause: reason });
    }
    await sleep(100);
  }
  return { url, data, log, stop };
}

async function isReady(url) {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}
