import { isRow, relatedId } from '../../graph/row.ts';
import { mutation, type Write } from '../../graph/write.ts';

/** Notes an asset as a favourite of the caller; one that is there already is left alone. */
export const favoriteAsset = mutation(async (write) => {
  const id = write.id('id');
  if (await isFavorite(write, id))
    return {
      asset: { id },
      warnings: [{ code: 'ALREADY_THERE', message: 'It was a favourite already.', path: ['id'] }],
    };
  await write.send('POST /assets/favorite-assets/', { body: { asset: id } });
  return { asset: { id } };
});

/** Takes a favourite away, after looking whether it is one: the list is deleted by a filter. */
export const unfavoriteAsset = mutation(async (write) => {
  const id = write.id('id');
  if (!(await isFavorite(write, id)))
    return { asset: { id }, warnings: [{ code: 'NOT_THERE', message: 'It was no favourite.', path: ['id'] }] };
  await write.send('DELETE /assets/favorite-assets/', { query: { asset: id } });
  return { asset: { id } };
});

/** The caller's favourites are few and come whole (api.md §3.1). */
async function isFavorite(write: Write, id: string): Promise<boolean> {
  const favorites = await write.send('GET /assets/favorite-assets/');
  return Array.isArray(favorites) && favorites.some((row) => isRow(row) && relatedId(row['asset']) === id);
}
