// What the stories share. Packages are those of the folder that `cargo xtask test` set up.

import { createRequire } from 'node:module';
import { isDeepStrictEqual, inspect } from 'node:util';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { resolve } = createRequire(join(process.env.TENURE_TEST_NODE_FOLDER, 'package.json'));

export const load = (name) => import(pathToFileURL(resolve(name)));

/** Ends the story if something is not as it should be. */
export function same(what, found, wanted) {
  if (!isDeepStrictEqual(found, wanted)) {
    console.error(`${what}: ${inspect(found, { depth: 9 })} instead of ${inspect(wanted, { depth: 9 })}`);
    process.exit(1);
  }
}

/** Asks again and again until the answer is as wanted. */
export async function until(what, ask, wanted) {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await ask();
    if (wanted(found)) return found;
    if (Date.now() > end) {
      console.error(`${what} stays ${inspect(found, { depth: 9 })}`);
      process.exit(1);
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}
