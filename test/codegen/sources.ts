/** Where the servers' own documents stand. */
import { fileURLToPath } from 'node:url';

/** The folder of compressed documents as four servers served them. */
export const sourceFolder = fileURLToPath(new URL('../../schema/openapi/source', import.meta.url));
