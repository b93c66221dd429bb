// What programs do through the API where a scenario is not about the page.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { runVanthu } from './server.mjs';

/** A program of somebody in this office: `await call('/api/v1/outgoing', {…})`. */
export async function programOf(office, account) {
  const token = (await runVanthu(['admin', 'token', account], { VANTHU__DATA__FOLDER: office.server.data })).trim();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return async (path, body) => {
    const sent = body === undefined
      ? { headers }
      : { method: 'POST', headers: { ...headers, 'command-id': randomUUID() }, body: JSON.stringify(body) };
    const answer = await office.request(path, sent);
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
}
