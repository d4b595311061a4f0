import { DAY_MS } from '../time.ts';
import type { Row } from '../types.ts';
import { DEFAULT_ORG, textOf } from '../world.ts';
import { type Draft, put, rowsOf } from './company.ts';
import { INPUTS, RISKY_INPUTS } from './names.ts';

const SPAN = 60 * DAY_MS;
const person = (user: Row): string => `${textOf(user.name)}(${textOf(user.username)})`;

/** Sessions of sixty days, with users and assets among them that are no more. */
export function seedHistory(draft: Draft): void {
  const { chance, seed } = draft;
  const users = rowsOf(draft, 'users');
  const assets = rowsOf(draft, 'assets').filter((asset) => asset.org_id === DEFAULT_ORG);
  const accountsOf = new Map<unknown, Row[]>();
  for (const account of rowsOf(draft, 'accounts'))
    accountsOf.set(account.asset, [...(accountsOf.get(account.asset) ?? []), account]);
  const terminal = rowsOf(draft, 'terminals')[0];
  for (let i = 0; i < seed.sessions; i += 1) {
    const user = users[chance.below(users.length)];
    const asset = assets[chance.below(assets.length)];
    if (user === undefined || asset === undefined) continue;
    const mine = accountsOf.get(asset.id) ?? [];
    const account = mine[chance.below(Math.max(1, mine.length))];
    const start = seed.at - 600_000 - Math.floor((i / seed.sessions) * SPAN) - chance.below(3000) * 1000;
    const isOpen = i < 12;
    const isUserGone = i % 37 === 20;
    const isAssetGone = i % 41 === 30;
    const amount = isOpen ? 2 : ([0, 2, 3, 5, 6][i % 5] ?? 0);
    const id = chance.uuid();
    const protocol = textOf((asset.protocols as { name: string }[])[0]?.name) || 'ssh';
    const userText = isUserGone ? `Former Colleague ${i}(former.${i})` : person(user);
    const assetText = isAssetGone
      ? `retired-${i}(10.199.0.${i % 250})`
      : `${textOf(asset.name)}(${textOf(asset.address)})`;
    const accountText = `${textOf(account?.name) || 'root'}(${textOf(account?.username) || 'root'})`;
    const address = `198.51.100.${chance.below(200) + 1}`;
    put(draft, 'sessions', {
      id,
      user: userText,
      user_id: isUserGone ? chance.uuid() : user.id,
      asset: assetText,
      asset_id: isAssetGone ? chance.uuid() : asset.id,
      account: accountText,
      account_id: account?.id ?? '',
      protocol,
      type: i % 25 === 11 ? 'sftp' : 'normal',
      login_from: ['ST', 'WT', 'RT', 'DT'][i % 4] ?? 'ST',
      remote_addr: address,
      is_locked: false,
      command_amount: amount,
      error_reason: '',
      replay_size: 0,
      terminal: terminal?.id ?? null,
      org_id: DEFAULT_ORG,
      is_success: i % 19 !== 5,
      is_finished: !isOpen,
      has_replay: !isOpen && i % 3 === 0,
      has_command: amount > 0,
      date_start: start,
      date_end: isOpen ? null : start + (60 + chance.below(7200)) * 1000,
      comment: null,
    });
    for (let k = 0; k < amount; k += 1) {
      const isRisky = chance.percent(4);
      put(draft, 'commands', {
        id: chance.uuid(),
        user: userText,
        asset: assetText,
        input: chance.pick(isRisky ? RISKY_INPUTS : INPUTS),
        output: '...',
        session: id,
        risk_level: isRisky ? 5 : 0,
        org_id: DEFAULT_ORG,
        account: accountText,
        timestamp: start + (k + 1) * 7000,
        remote_addr: address,
      });
    }
  }
  seedLogs(draft, users, assets);
}

function seedLogs(draft: Draft, users: readonly Row[], assets: readonly Row[]): void {
  const { chance, seed } = draft;
  for (let i = 0; i < 620; i += 1) {
    const user = users[chance.below(users.length)];
    if (user === undefined) continue;
    const isGood = i % 8 !== 3;
    put(draft, 'login-logs', {
      id: chance.uuid(),
      username: person(user),
      type: ['W', 'T', 'U'][i % 3] ?? 'W',
      ip: `198.51.100.${chance.below(200) + 1}`,
      city: 'Rotterdam',
      user_agent: 'Mozilla/5.0',
      mfa: Number(user.mfa_level) > 0 ? 1 : 0,
      reason: isGood ? '' : 'User name or password is wrong.',
      backend: isGood ? 'Password' : '',
      status: isGood,
      datetime: seed.at - Math.floor((i / 620) * SPAN) - chance.below(3600) * 1000,
    });
  }
  const kinds = ['Host', 'User', 'Asset permission', 'Account', 'Node'];
  for (let i = 0; i < 300; i += 1) {
    const asset = assets[chance.below(assets.length)];
    put(draft, 'operate-logs', {
      id: chance.uuid(),
      user: 'Administrator(admin)',
      action: ['create', 'update', 'delete', 'view'][i % 4] ?? 'update',
      resource_type: kinds[i % kinds.length] ?? 'Host',
      resource: textOf(asset?.name),
      resource_id: asset?.id ?? '',
      remote_addr: '198.51.100.7',
      org_id: DEFAULT_ORG,
      datetime: seed.at - Math.floor((i / 300) * SPAN) - chance.below(3600) * 1000,
      diff: {},
    });
  }
  const sessions = rowsOf(draft, 'sessions');
  for (let i = 0; i < 80; i += 1) {
    const session = sessions[i * 5];
    if (session === undefined) break;
    put(draft, 'ftp-logs', {
      id: chance.uuid(),
      user: session.user ?? '',
      remote_addr: session.remote_addr ?? '',
      asset: session.asset ?? '',
      account: session.account ?? '',
      org_id: DEFAULT_ORG,
      operate: ['upload', 'download', 'delete', 'mkdir'][i % 4] ?? 'upload',
      filename: `/srv/transfer/manifest-${i}.csv`,
      date_start: Number(session.date_start) + 30_000,
      is_success: i % 9 !== 4,
      has_file: false,
      session: session.id,
    });
  }
  users.slice(0, 63).forEach((user) => {
    put(draft, 'password-change-logs', {
      id: chance.uuid(),
      user: person(user),
      change_by: 'Administrator(admin)',
      remote_addr: '198.51.100.7',
      datetime: Number(user.date_joined ?? seed.at),
    });
  });
}
