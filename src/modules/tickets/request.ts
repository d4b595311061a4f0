import { isRow, nameType } from '../../graph/row.ts';
import { mutation, refuse, required } from '../../graph/write.ts';
import { findIgnored } from '../../graph/write-ignored.ts';
import { isNothing } from '../../graph/write-words.ts';

/** Asks for access (api.md §5.14). JumpServer wants the organisation in the body, whatever the header says. */
export const requestAccess = mutation(async (write) => {
  const body = write.newBody();
  refuse([
    ...(isNothing(body['apply_accounts']) ? [required(['accounts'], 'Name at least one account rule.')] : []),
    ...(isNothing(body['apply_assets']) && isNothing(body['apply_nodes'])
      ? [required(['assets'], 'Name at least one asset or node.')]
      : []),
  ]);
  body['org_id'] ??= (await write.scope.session.organization()).id;
  const row = await write.send('POST /tickets/apply-asset-tickets/open/', { body });
  if (!isRow(row)) return {};
  const userErrors = findIgnored(write.catalogue, write.type, body, row);
  return { ticket: nameType(row, 'ApplyAssetTicket'), userErrors };
});
