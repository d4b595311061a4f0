import { isRow, type Row } from '../../graph/row.ts';
import type { Operation } from '../../graph/write-send.ts';

/** The address of each category (api.md §5.3), by wire value. */
const OPERATIONS = {
  host: 'POST /assets/hosts/',
  device: 'POST /assets/devices/',
  database: 'POST /assets/databases/',
  cloud: 'POST /assets/clouds/',
  web: 'POST /assets/webs/',
  ds: 'POST /assets/directories/',
  custom: 'POST /assets/customs/',
  gpt: 'POST /assets/gpts/',
} as const satisfies Record<string, Operation>;

/** Where assets of a category are created; undefined for one that is not known. */
export function operationOf(category: string): Operation | undefined {
  return Object.hasOwn(OPERATIONS, category) ? OPERATIONS[category as keyof typeof OPERATIONS] : undefined;
}

/** A protocol with its port, as JumpServer keeps it on an asset. */
export interface Protocol {
  readonly name: string;
  readonly port: number;
}

/** The category of a platform, as wire value. */
export function categoryOf(platform: Row): string {
  const { category } = platform;
  return String(isRow(category) ? category['value'] : category);
}

/** The names of the protocols that a platform knows. */
export function offeredBy(platform: Row): readonly string[] {
  return protocolRows(platform).map((protocol) => String(protocol['name']));
}

/** The protocols that a single asset would get; an array of assets does not get them by itself (api.md §4, §5.3). */
export function defaultsOf(platform: Row): readonly Protocol[] {
  return protocolRows(platform)
    .filter((protocol) => protocol['primary'] === true || protocol['default'] === true || protocol['required'] === true)
    .map((protocol) => ({ name: String(protocol['name']), port: Number(protocol['port']) }));
}

function protocolRows(platform: Row): readonly Row[] {
  return Array.isArray(platform['protocols']) ? platform['protocols'].filter(isRow) : [];
}

/** Whether two lists hold the same protocols, in whatever order. */
export function hasProtocols(row: Row | undefined, wanted: readonly Protocol[]): boolean {
  const texts = (items: readonly unknown[]) =>
    items.map((item) => (isRow(item) ? `${item['name']}:${item['port']}` : '')).sort();
  const came = row?.['protocols'];
  return Array.isArray(came) && texts(came).join() === texts(wanted).join();
}
