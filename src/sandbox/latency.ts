/** Milliseconds of a call and of each row, as measured on a real server (api.md §8, Corrections). */
const COSTS: readonly { path: string; base: number; row: number }[] = [
  { path: '/users/users-groups-relations/', base: 20, row: 0.069 },
  { path: '/users/users/', base: 18, row: 2.9 },
  { path: '/users/groups/', base: 33, row: 0.46 },
  { path: '/assets/nodes/children/tree/', base: 20, row: 0.1 },
  { path: '/assets/', base: 40, row: 1.3 },
  { path: '/accounts/accounts/', base: 35, row: 1.2 },
  { path: '/perms/asset-permissions/', base: 30, row: 3 },
  { path: '/terminal/sessions/', base: 25, row: 0.17 },
];

const OTHER = { base: 45, row: 0.3 };

/** Makes waiting times like a real server's: two workers, each busy with one call at a time. */
export function createLatency(isOn: boolean): { wait(url: URL, rows: number): Promise<void> } {
  const free = [0, 0];
  return {
    wait: async (url, rows) => {
      if (!isOn) return;
      const cost = COSTS.find((one) => url.pathname.includes(one.path)) ?? OTHER;
      const worker = (free[0] ?? 0) <= (free[1] ?? 0) ? 0 : 1;
      const now = performance.now();
      const end = Math.max(now, free[worker] ?? 0) + cost.base + cost.row * rows;
      free[worker] = end;
      await new Promise((done) => {
        setTimeout(done, end - now);
      });
    },
  };
}
