import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** A token that `jumpgraph login` obtained. */
export interface StoredLogin {
  readonly username: string;
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

const logins = z.record(z.string(), z.object({ username: z.string(), token: z.string(), expiresAt: z.string() }));

/** Where tokens are kept unless said otherwise. */
export const defaultCredentialsFile = (): string => join(homedir(), '.config', 'jumpgraph', 'credentials.json');

/** The login kept for a JumpServer; undefined when there is none or it has expired. Throws `SyntaxError` or a `ZodError` when the file is damaged. */
export async function readLogin(file: string, url: string, now: number): Promise<StoredLogin | undefined> {
  const found = (await readAll(file))[url];
  return found && Date.parse(found.expiresAt) > now ? found : undefined;
}

/** Keeps a login for a JumpServer, readable for its owner alone; one that was there before is replaced. */
export async function writeLogin(file: string, url: string, login: StoredLogin): Promise<void> {
  const all = { ...(await readAll(file)), [url]: login };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
}

/** Forgets the login kept for a JumpServer; true when there was one. */
export async function forgetLogin(file: string, url: string): Promise<boolean> {
  const { [url]: found, ...others } = await readAll(file);
  if (!found) return false;
  await writeFile(file, `${JSON.stringify(others, null, 2)}\n`, { mode: 0o600 });
  return true;
}

async function readAll(file: string): Promise<z.output<typeof logins>> {
  try {
    return logins.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
