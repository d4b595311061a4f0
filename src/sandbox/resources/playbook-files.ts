import { ApiError, notFound, ServerCrash } from '../errors.ts';
import { caller, type Exchange, param } from '../exchange.ts';
import { type Route, route } from '../routes.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { textOf } from '../world.ts';

/** Files by path, folders as null. */
type Files = Readonly<Record<string, Json>>;

/** What a new playbook holds. */
const NEW_FILES: Files = { 'main.yml': '## A playbook\n' };

const KEPT = new Set(['root', 'main.yml']);

const filesOf = (playbook: Row): Files => (playbook.files ?? NEW_FILES) as JsonObject;

const parentOf = (path: string): string => path.split('/').slice(0, -1).join('/');

const bodyOf = (x: Exchange): JsonObject => (x.body ?? {}) as JsonObject;

/** Everybody's own alone, whoever else may read it. */
function ownPlaybook(x: Exchange): Row {
  const row = x.world.store.table('playbooks').get(param(x, 'id'));
  if (row === undefined || row.creator !== caller(x).id) throw notFound('Playbook');
  return row;
}

function store(x: Exchange, playbook: Row, files: Files): void {
  x.world.store.table('playbooks').update(playbook.id, { files: { ...files } });
}

function toNode(path: string, content: Json): JsonObject {
  const isParent = content === null;
  const name = path.split('/').at(-1) ?? '';
  const node = { name, title: name, id: path, isParent, open: isParent, pId: parentOf(path) || 'root', temp: false };
  return isParent ? node : { ...node, iconSkin: 'file' };
}

function read(x: Exchange): Json {
  const playbook = ownPlaybook(x);
  const files = filesOf(playbook);
  const key = x.query.get('key') ?? '';
  if (key !== '' && typeof files[key] !== 'string') throw new ServerCrash(`no file ${key}`);
  if (key !== '') return { content: files[key] ?? '' };
  const name = textOf(playbook.name);
  const root = { name, title: name, id: 'root', isParent: true, open: true, pId: '', temp: false };
  return [root, ...Object.entries(files).map(([path, content]) => toNode(path, content))];
}

/** A name that is taken gets a number. */
function make(x: Exchange): Json {
  const playbook = ownPlaybook(x);
  const files = filesOf(playbook);
  const { key, name, is_directory, content } = bodyOf(x);
  const folder = key === 'root' || key === undefined ? '' : `${textOf(key)}/`;
  const wanted = folder + (textOf(name) || (is_directory === true ? 'new_dir' : 'new_file.yml'));
  let path = wanted;
  for (let n = 1; path in files; n += 1) path = `${wanted}(${n})`;
  const made = is_directory === true ? null : textOf(content);
  store(x, playbook, { ...files, [path]: made });
  return toNode(path, made);
}

/** Renames where a new name is given, and writes otherwise, with nothing when nothing is given. */
function change(x: Exchange): Json {
  const playbook = ownPlaybook(x);
  const files = filesOf(playbook);
  const { key, new_name, content } = bodyOf(x);
  const path = textOf(key);
  if (KEPT.has(path) && textOf(new_name) !== '') refuse('this_file_can_not_be_rename', 'It keeps its name.');
  if (!(path in files)) throw new ServerCrash(`no file ${path}`);
  if (textOf(new_name) === '') {
    store(x, playbook, { ...files, [path]: textOf(content) });
    return null;
  }
  const target = [parentOf(path), textOf(new_name)].filter((part) => part !== '').join('/');
  if (target in files) refuse('file_already exists', 'The file already exists.');
  const move = (at: string): string => (at === path || at.startsWith(`${path}/`) ? target + at.slice(path.length) : at);
  store(x, playbook, Object.fromEntries(Object.entries(files).map(([at, text]) => [move(at), text])));
  return null;
}

function remove(x: Exchange): Json {
  const playbook = ownPlaybook(x);
  const files = filesOf(playbook);
  const key = x.query.get('key') ?? '';
  if (key === '') refuse('file_key_is_required', 'The file is missing.');
  if (KEPT.has(key)) refuse('This file can not be delete', 'It stays.');
  if (!(key in files)) throw new ServerCrash(`no file ${key}`);
  const kept = Object.entries(files).filter(([path]) => path !== key && !path.startsWith(`${key}/`));
  store(x, playbook, Object.fromEntries(kept));
  return { msg: 'ok' };
}

function refuse(code: string, msg: string): never {
  throw new ApiError(400, { code, detail: { msg } });
}

const FILE = ['ops/playbook/:id/file', 'ops.change_playbook'] as const;

/** The files of playbooks (api.md §5.17). */
export const playbookFiles: readonly Route[] = [
  route('GET', ...FILE, read),
  route('POST', ...FILE, make),
  route('PATCH', ...FILE, change),
  route('DELETE', ...FILE, remove),
];
