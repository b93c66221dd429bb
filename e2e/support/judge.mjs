// What pyHanko, which has nothing of ours in it, says of a signed document.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const JUDGE = fileURLToPath(new URL('../../crates/pdf-signature/tests/judges/judge.py', import.meta.url));

/**
 * Judges a PDF with what the document itself carries (DSS) and one root.
 * @param {Uint8Array} pdf the document
 * @param {Uint8Array} root the DER of the root that is trusted
 * @returns {Promise<object[]>} one object per signature, in their order
 */
export async function judge(pdf, root) {
  const python = process.env.JUDGES_PYTHON;
  assert.ok(python, 'JUDGES_PYTHON is not set: make e2e sets it (scripts/judges.sh python)');
  const folder = await mkdtemp(join(tmpdir(), 'vanthu-judge-'));
  try {
    const file = join(folder, 'document.pdf');
    await writeFile(file, pdf);
    const question = { file, roots: [Buffer.from(root).toString('base64')], at: new Date().toISOString(), revocation: 'soft-fail', dss: true };
    const answers = await ask(python, [question]);
    assert.ok(!answers[0].error, `pyHanko: ${answers[0].error}`);
    return answers[0].signatures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ask(python, questions) {
  return new Promise((resolve, reject) => {
    const child = spawn(python, ['-W', 'ignore', JUDGE], { stdio: ['pipe', 'pipe', 'inherit'] });
    let answer = '';
    child.stdout.setEncoding('utf8').on('data', (piece) => { answer += piece; });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(answer)) : reject(new Error(`judge.py ended with ${code}`))));
    child.stdin.end(JSON.stringify(questions));
  });
}

/** The root (DER) of the demo province's made-up authority, from the server's data folder. */
export async function demoRoot(data) {
  const pem = await readFile(join(data, 'demo-pki', 'root.pem'), 'utf8');
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
}
