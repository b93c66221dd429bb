// Chromium as the system has it: nothing is downloaded.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of the browser: CHROMIUM, or the first one that is installed. */
export function findChromium() {
  const path = process.env.CHROMIUM || CANDIDATES.find(existsSync);
  if (!path) throw new Error('Chromium is missing: run `make install-tools` or set CHROMIUM.');
  return path;
}

/** Starts a headless browser that asks nobody on the network for anything. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      '--no-sandbox', // the tests may run as root in a container
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** The two sizes that every screen must serve. */
export const DESKTOP = { viewport: { width: 1366, height: 900 } };
export const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
