import { expect, test } from 'vitest';
import { createAttribution } from '../../src/access/attribution.ts';
import { findCauses } from '../../src/access/causes.ts';
import { diffAccess } from '../../src/access/diff.ts';
import { createAccessEngine } from '../../src/access/engine.ts';
import type { AccessInputs } from '../../src/access/inputs.ts';
import { company, permission, today } from './small-company.ts';

const DAY = 86_400_000;

/** What is behind each pair that is gained and lost from the small company to another reading. */
function changesTo(after: AccessInputs) {
  const causes = findCauses(company, after);
  const [left, right] = [createAccessEngine(company), createAccessEngine(after)];
  const diff = diffAccess({ engine: left }, { engine: right });
  const tell = (pairs: typeof diff.gained, engine: typeof left) => {
    const attribute = createAttribution(engine, causes);
    return [...pairs.all()].map((pair) => {
      const found = attribute(pair);
      const words = found.causes.map(({ kind, id, change }) => `${kind} ${id} ${change}`);
      return `${pair.user.id} > ${pair.asset.id}: ${words.join(', ') || `time of ${found.permissions}`}`;
    });
  };
  return { gained: tell(diff.gained, right), lost: tell(diff.lost, left) };
}

test('a permission that came is behind what it gives', () => {
  const permissions = [...company.permissions, permission('new', { users: ['ben'], assets: ['attic'] })];
  expect(changesTo({ ...company, permissions })).toEqual({
    gained: ['ben > attic: permission new added'],
    lost: [],
  });
});

test('somebody who left a group lost what came through it', () => {
  const users = company.users.map((user) => (user.id === 'ben' ? { ...user, groups: [] } : user));
  expect(changesTo({ ...company, users })).toEqual({
    gained: [],
    lost: ['ben > orders: user ben groups', 'ben > web: user ben groups'],
  });
});

test('an asset that moved to another node, and a node that moved, are behind what follows', () => {
  const assets = company.assets.map((asset) => (asset.id === 'web' ? { ...asset, nodes: ['old'] } : asset));
  expect(changesTo({ ...company, assets }).lost).toEqual(['ann > web: asset web nodes', 'ben > web: asset web nodes']);
  const nodes = company.nodes.map((node) => (node.id === 'db' ? { ...node, key: '1:10:0' } : node));
  expect(changesTo({ ...company, nodes }).lost).toEqual(['ben > orders: node db place']);
});

test('where nothing was written, the time of a permission passed', () => {
  const later = { ...company, asOf: today + 400 * DAY };
  const { lost } = changesTo(later);
  expect(lost).toContain('ben > web: time of operate');
});
