import { isRow, relatedId } from '../../graph/row.ts';
import { mutation } from '../../graph/write.ts';

/** Notes an asset as a favourite of the caller; doing it twice is no error. */
export const favoriteAsset = mutation(async (write) => {
  const id = write.id('id');
  await write.send('POST /assets/favorite-assets/', { body: { asset: id } });
  return { asset: { id } };
});

/** Takes a favourite away, after looking whether it is one: the list is deleted by a filter. */
export const unfavoriteAsset = mutation(async (write) => {
  const id = write.id('id');
  const favorites = await write.send('GET /assets/favorite-assets/');
  const rows = Array.isArray(favorites) ? favorites.filter(isRow) : [];
  if (!rows.some((row) => relatedId(row['asset']) === id)) {
    return { asset: { id }, warnings: [{ code: 'NOT_THERE', message: 'It was no favourite.', path: ['id'] }] };
  }
  await write.send('DELETE /assets/favorite-assets/', { query: { asset: id } });
  return { asset: { id } };
});
