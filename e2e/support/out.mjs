import { fileURLToPath } from 'node:url';

/** Where screenshots and server logs go; not under version control. */
export const OUT = fileURLToPath(new URL('../out', import.meta.url));
