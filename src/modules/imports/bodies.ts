import { fromGlobalId, toUpstreamId } from '../../graph/identity.ts';
import type { Row } from '../../graph/row.ts';
import type { Input } from '../../graph/write-body.ts';

/** Labels as JumpServer takes them: an id, or `name:value` as it is (api.md §5.0). Nothing when none are given. */
export function toLabels(input: Input): Row {
  const labels = input['labels'];
  if (!Array.isArray(labels)) return {};
  return { labels: labels.map((label) => toLabel(String(label).trim())) };
}

function toLabel(text: string): string {
  const global = fromGlobalId(text);
  return global?.type === 'Label' ? toUpstreamId(global.id) : text;
}
