import { catalogue, type ValueField } from '../../src/generated/catalogue.ts';

/** A JSON value as JumpServer gives it. */
export type Wire = unknown;

const isObject = (value: Wire): value is Record<string, Wire> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An independent reading of JumpServer's date: `2026/01/31 08:00:00 +0800`, ISO in some JSON columns, or epoch seconds. */
function isoOf(value: Wire): string {
  if (typeof value === 'number') return new Date(value * 1000).toISOString().replace('.000Z', 'Z');
  if (!String(value).includes('/')) return new Date(String(value)).toISOString().replace('.000Z', 'Z');
  const [date = '', time = '', zone = ''] = String(value).split(' ');
  const parsed = Date.parse(`${date.replaceAll('/', '-')}T${time}${zone.slice(0, 3)}:${zone.slice(3)}`);
  return new Date(parsed).toISOString().replace('.000Z', 'Z');
}

function secondsOf(value: Wire): number {
  const [time = '', days = '0'] = String(value)
    .split(/ days?, /)
    .reverse();
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return Number.parseInt(days, 10) * 86_400 + hours * 3600 + minutes * 60 + Math.trunc(seconds);
}

function enumOf(name: string, wire: Wire): string {
  const values = Object.entries(catalogue.enums[name] ?? {});
  return values.find(([, known]) => known === String(wire))?.[0] ?? `no value of ${name} for ${String(wire)}`;
}

/** What the graph must answer for a property of a row, worked out from the property alone. */
export function expectedValue(field: ValueField, value: Wire): unknown {
  if (value === null || value === undefined) return null;
  if (field.list && Array.isArray(value)) return value.map((item) => expectedValue({ ...field, list: false }, item));
  const wire = isObject(value) && 'value' in value ? value['value'] : value;
  switch (field.value) {
    case 'DateTime':
      return isoOf(value);
    case 'Duration':
      return secondsOf(value);
    case 'Choice':
      if (wire === '' || wire === null) return null;
      return { value: String(wire), label: isObject(value) ? value['label'] : String(wire) };
    case 'Enum':
      return wire === '' || wire === null ? null : enumOf(field.enum ?? '', wire);
    case 'String':
      return String(wire);
    default:
      return wire;
  }
}
