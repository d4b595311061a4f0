import { DAY_MS } from '../time.ts';
import type { Id } from '../types.ts';
import { DEFAULT_ORG } from '../world.ts';
import { type Draft, namedRow, put, rowsOf } from './draft.ts';

/** One to three accounts an asset; the same names on most of them. */
export function seedAccounts(draft: Draft): void {
  const { chance, seed } = draft;
  rowsOf(draft, 'assets').forEach((asset, i) => {
    const admin = asset.type === 'windows' ? 'Administrator' : 'root';
    const names = i % 10 === 7 ? [admin] : i % 10 === 3 ? [admin, 'deploy', 'backup'] : [admin, 'deploy'];
    let first: Id | null = null;
    names.forEach((username, k) => {
      const secretType =
        asset.type === 'k8s'
          ? 'token'
          : k === 1 && i % 5 === 0 && asset.category === 'host' && asset.type === 'linux'
            ? 'ssh_key'
            : 'password';
      const at = Number(asset.date_created);
      const verified = (i + k) % 4 === 0 ? seed.at - chance.below(60) * DAY_MS : null;
      const row = put(draft, 'accounts', {
        id: chance.uuid(),
        name: username,
        username,
        secret_type: secretType,
        secret: (i + k) % 6 === 5 ? null : `sandbox-secret-${i}-${k}`,
        asset: asset.id,
        su_from: k === 2 ? first : null,
        version: 1 + (i % 3),
        source: i % 14 === 6 ? 'collected' : 'local',
        source_id: null,
        login_by: null,
        connectivity: verified === null ? '-' : 'ok',
        change_secret_status: null,
        org_id: asset.org_id ?? DEFAULT_ORG,
        privileged: k === 0,
        is_active: (i + k) % 31 !== 12,
        secret_reset: true,
        date_created: at,
        date_updated: at,
        date_last_login: (i + k) % 5 === 0 ? seed.at - chance.below(20) * DAY_MS : null,
        date_verified: verified,
        date_change_secret: i % 7 === 0 ? seed.at - chance.below(200) * DAY_MS : null,
        created_by: 'Administrator',
        comment: '',
      });
      first ??= row.id;
    });
  });
}

/** Two account templates. */
export function seedTemplates(draft: Draft): void {
  for (const [name, username, privileged] of [
    ['Linux root', 'root', true],
    ['Deployment', 'deploy', false],
  ] as const) {
    put(draft, 'account-templates', {
      ...namedRow(draft, DEFAULT_ORG, name),
      username,
      privileged,
      secret_type: 'password',
      secret: `sandbox-template-${username}`,
      secret_strategy: privileged ? 'random' : 'specific',
      password_rules: { length: 16, lowercase: true, uppercase: true, digit: true, symbol: true, exclude_symbols: '' },
      push_params: {},
      platforms: [],
      su_from: null,
      is_active: true,
      auto_push: false,
    });
  }
}
