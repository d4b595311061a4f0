import { rowsIn } from '../../graph/fetch.ts';
import { type Row, relatedId } from '../../graph/row.ts';
import { mutation, refuse, type Write } from '../../graph/write.ts';

const NO_FOLDERS = {
  field: ['folder'],
  code: 'UNSUPPORTED_BY_SERVER',
  message: 'The connected JumpServer has no folders for favourites.',
} as const;

/**
 * Notes an asset as a favourite of the caller; one that is there already is left alone, unless it is to stand in another folder: rows of
 * favourites tell no id by which they could be changed, so it is taken out and put in again.
 */
export const favoriteAsset = mutation(async (write) => {
  const id = write.id('id');
  const body = write.body();
  if ('folder' in body && !(await write.scope.session.capabilities()).has('favoriteFolders')) refuse([NO_FOLDERS]);
  const known = await favoriteOf(write, id);
  if (known && !isElsewhere(known, body))
    return {
      asset: { id },
      warnings: [{ code: 'ALREADY_THERE', message: 'It was a favourite already.', path: ['id'] }],
    };
  if (known) await takeOut(write, id);
  await write.send('POST /assets/favorite-assets/', { body });
  return { asset: { id } };
});

/** Takes a favourite away, after looking whether it is one: the list is deleted by a filter. */
export const unfavoriteAsset = mutation(async (write) => {
  const id = write.id('id');
  if (!(await favoriteOf(write, id)))
    return { asset: { id }, warnings: [{ code: 'NOT_THERE', message: 'It was no favourite.', path: ['id'] }] };
  await remove(write, id);
  return { asset: { id } };
});

function isElsewhere(row: Row, body: Readonly<Record<string, unknown>>): boolean {
  return 'folder' in body && relatedId(row['folder']) !== body['folder'];
}

/** Nothing is taken out for a folder that is not there. */
async function takeOut(write: Write, asset: string): Promise<void> {
  if (isGiven(write.input['folder'])) {
    const path = { id: write.id('folder') };
    await write.send('GET /assets/favorite-folders/{id}/', { path }).catch((error: unknown) => {
      refuse(write.tell(error, { subject: ['folder'] }) ?? []);
      throw error;
    });
  }
  await remove(write, asset);
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

function remove(write: Write, asset: string): Promise<unknown> {
  return write.send('DELETE /assets/favorite-assets/', { query: { asset } });
}

/** The caller's favourites are few and come whole (api.md §3.1). */
async function favoriteOf(write: Write, id: string): Promise<Row | undefined> {
  const favorites = rowsIn(await write.send('GET /assets/favorite-assets/'));
  return favorites.find((row) => relatedId(row['asset']) === id);
}
