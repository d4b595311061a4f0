/** Milliseconds of a call and of each row of it, whole rows and with `fields`. */
interface Cost {
  path: string;
  whole: readonly [number, number];
  few: readonly [number, number];
}

/** As measured on a real 4.10.19 with 5,000 assets (api.md, Corrections and §8). */
const COSTS: readonly Cost[] = [
  { path: '/users/users-groups-relations/', whole: [34, 0.05], few: [39, 0.05] },
  { path: '/users/users/', whole: [15, 3.01], few: [21, 2.72] },
  { path: '/users/groups/', whole: [34, 0.46], few: [34, 0.34] },
  { path: '/assets/nodes/children/tree/', whole: [20, 0.1], few: [20, 0.1] },
  { path: '/assets/nodes/', whole: [28, 0.05], few: [25, 0.03] },
  { path: '/assets/zones/', whole: [26, 2.56], few: [37, 0.41] },
  { path: '/assets/hosts/', whole: [58, 1.38], few: [73, 1.15] },
  { path: '/assets/', whole: [70, 2.64], few: [54, 1.16] },
  { path: '/accounts/', whole: [37, 0.57], few: [49, 0.5] },
  { path: '/perms/asset-permissions/', whole: [48, 0.41], few: [57, 0.34] },
  { path: '/terminal/sessions/', whole: [96, 6.9], few: [87, 0.07] },
  { path: '/audits/', whole: [40, 0.12], few: [40, 0.1] },
  { path: '/labels/labels/', whole: [33, 1.56], few: [42, 0.13] },
  { path: '/rbac/role-bindings/', whole: [31, 2.84], few: [18, 2.95] },
];

const OTHER: Cost = { path: '', whole: [45, 0.3], few: [45, 0.3] };

/** What members cost that only stand in the row under `format=json`. */
const MEMBERS = 2.6;

/** Milliseconds a real server would take for a call that answers so many rows. */
export function costOf(url: URL, rows: number): number {
  const cost = COSTS.find((one) => url.pathname.includes(one.path)) ?? OTHER;
  const [base, row] = url.searchParams.has('fields') ? cost.few : cost.whole;
  const members = url.searchParams.get('format') === 'json' ? MEMBERS : 0;
  return base + (row + members) * rows;
}

/** Makes waiting times like a real server's: two workers, each busy with one call at a time. */
export function createLatency(isOn: boolean): { wait(url: URL, rows: number): Promise<void> } {
  const free = [0, 0];
  return {
    wait: async (url, rows) => {
      if (!isOn) return;
      const worker = (free[0] ?? 0) <= (free[1] ?? 0) ? 0 : 1;
      const now = performance.now();
      const end = Math.max(now, free[worker] ?? 0) + costOf(url, rows);
      free[worker] = end;
      await new Promise((done) => {
        setTimeout(done, end - now);
      });
    },
  };
}
