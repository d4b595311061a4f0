import { getJson, rowsIn } from '../../graph/fetch.ts';
import { isRow, type Row } from '../../graph/row.ts';
import { mutation, notFound, refuse, required, type Write } from '../../graph/write.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { knownRow } from '../../graph/write-known.ts';
import type { Session } from '../../upstream/index.ts';

const PATH = '/ops/playbook/{id}/file/';

/** The files and folders of a playbook, by path. */
async function readFiles(session: Session, id: string): Promise<ReadonlyMap<string, Row>> {
  const nodes = rowsIn(await getJson(session, PATH, {}, { id }));
  return new Map(nodes.map((node) => [String(node['id']), node]));
}

/** What stands in a file; null for a folder and for what is not there, for which JumpServer has a 500 alone. */
export async function readFile(session: Session, id: string, path: string): Promise<string | null> {
  const node = (await readFiles(session, id)).get(path);
  if (!node || node['isParent'] === true) return null;
  const answer = await getJson(session, PATH, { key: path }, { id });
  return isRow(answer) && typeof answer['content'] === 'string' ? answer['content'] : null;
}

async function filesOf(write: Write): Promise<ReadonlyMap<string, Row>> {
  await knownRow(write, 'Playbook', 'playbook');
  return readFiles(write.scope.session, write.id('playbook'));
}

/** Names that would lead elsewhere. JumpServer refuses some of them and takes others. */
function faultOfName(field: string, name: unknown): UserError[] {
  if (name === undefined || name === null) return [];
  const isPlain = /^[^/\\]+$/.test(String(name)) && !/^\.*$/.test(String(name));
  return isPlain ? [] : [{ field: [field], code: 'INVALID', message: 'A name without folders is needed.' }];
}

const done = (write: Write) => ({ playbook: { id: write.id('playbook') } });

/** Makes a file. Where there is one of that name JumpServer makes one of another name, so it is looked for first. */
export const createPlaybookFile = mutation(async (write) => {
  const { folder, name, isFolder, content } = write.input;
  refuse(faultOfName('name', name));
  const files = await filesOf(write);
  const path = folder ? `${folder}/${name}` : String(name);
  if (folder && files.get(String(folder))?.['isParent'] !== true) refuse([notFound(['folder'])]);
  if (files.has(path)) refuse([{ field: ['name'], code: 'DUPLICATE', message: 'It is there already.' }]);
  const body = { key: folder ?? 'root', name, is_directory: isFolder === true, content: content ?? '' };
  await write.send('POST /ops/playbook/{id}/file/', { path: { id: write.id('playbook') }, body });
  return done(write);
});

/** Renames or writes: JumpServer would pass over the content of what it renames, and empty a file for which nothing is given. */
export const updatePlaybookFile = mutation(async (write) => {
  const { path, name, content } = write.input;
  if ((name ?? content) === undefined) refuse([required(['content'], 'Give `name` or `content`.')]);
  if (name && content !== undefined && content !== null)
    refuse([{ field: ['content'], code: 'INVALID', message: 'Give `name` or `content`, not both.' }]);
  refuse(faultOfName('name', name));
  const file = (await filesOf(write)).get(String(path));
  if (!file || path === 'root') refuse([notFound(['path'])]);
  if (!name && file?.['isParent'] === true)
    refuse([{ field: ['path'], code: 'INVALID', message: 'A folder has no content.' }]);
  const body = { key: path, ...(name ? { new_name: name } : { content: content ?? '' }), is_directory: false };
  await write.send('PATCH /ops/playbook/{id}/file/', { path: { id: write.id('playbook') }, body });
  return done(write);
});

/** Deletes a file. JumpServer has a 500 for one that is not there. */
export const deletePlaybookFile = mutation(async (write) => {
  const key = String(write.input['path']);
  if (!(await filesOf(write)).has(key) || key === 'root') refuse([notFound(['path'])]);
  await write.send('DELETE /ops/playbook/{id}/file/', { path: { id: write.id('playbook') }, query: { key } });
  return done(write);
});
