/** The moment at which the benchmark's company stands still, so that every run reads the same bytes. */
export const NOW = Date.parse('2026-11-20T10:00:00Z');

/** How the counting upstream is made. */
export interface UpstreamSettings {
  readonly seed?: number;
  readonly assets?: number;
  readonly users?: number;
  readonly sessions?: number;
  /** Workers that take a real server's times; 0 answers at once. */
  readonly workers?: number;
  readonly throttle?: boolean;
  /** Administrators with tokens of their own, `bench-0` and so on. */
  readonly callers?: number;
}
