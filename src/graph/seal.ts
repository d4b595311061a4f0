import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Seals small values into opaque handles that expire, and opens them again. */
export interface Seal {
  /** The handle of a value; it opens for `seconds`. */
  close(value: Readonly<Record<string, unknown>>, seconds: number): string;
  /** The value of a handle; undefined when it is none of ours, was changed or has expired. */
  open(handle: string): Readonly<Record<string, unknown>> | undefined;
}

/** A configured key lets several processes open each other's handles; without one a handle ends with the process. */
export interface SealOptions {
  readonly key?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const NONCE = 12;
const TAG = 16;

/** Creates a seal: AES-256-GCM, so that a handle can be neither read nor changed. */
export function createSeal({ key, now = Date.now }: SealOptions = {}): Seal {
  const secret = key === undefined ? randomBytes(32) : createHash('sha256').update(key).digest();
  return {
    close: (value, seconds) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', secret, nonce);
      const text = JSON.stringify({ ...value, until: now() + seconds * 1000 });
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open: (handle) => {
      const value = decipher(secret, Buffer.from(handle, 'base64url'));
      return value && Number(value['until']) > now() ? value : undefined;
    },
  };
}

function decipher(secret: Buffer, bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (bytes.length <= NONCE + TAG) return undefined;
  try {
    const opener = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, NONCE));
    opener.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
    const text = Buffer.concat([opener.update(bytes.subarray(NONCE + TAG)), opener.final()]).toString('utf8');
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
