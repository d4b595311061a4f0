import { InvalidValue } from '../errors.ts';
import type { Field } from '../field.ts';
import { bool, choice, dateCreated, dateUpdated, id, integer, text, texts } from '../fields.ts';
import { exact, flag, uuid } from '../filters.ts';
import type { Resource } from '../resource.ts';
import { textOf } from '../world.ts';

/** Neither projected nor of an organisation (api.md §3.3). */
const plain = { scope: 'global', projected: false, order: ['name'], bulkDelete: 'global', unique: [['name']] } as const;

const app = (): Field[] => [
  bool('is_active', { fill: true }),
  text('version', { required: true, max: 16 }),
  text('author', { required: true, max: 128 }),
];

const appTail = (): Field[] => [
  texts('protocols', { type: 'json' }),
  texts('tags', { type: 'json' }),
  text('comment'),
  text('icon', { type: 'field', mode: 'ro' }),
  text('readme', { type: 'field', mode: 'ro' }),
  dateCreated(),
  dateUpdated(),
];

const slug = (): Field => {
  const name = text('name', { required: true, max: 128, type: 'slug' });
  return {
    ...name,
    parse: (value, look) => {
      const word = name.parse?.(value, look) ?? '';
      if (!/^[-\w]+$/.test(textOf(word))) throw new InvalidValue(['Letters, digits, hyphens and underscores alone.']);
      return word;
    },
  };
};

/** Applications that run elsewhere and are shown here: applets and virtual applications (api.md §5.11). */
export const applets: readonly Resource[] = [
  {
    ...plain,
    table: 'applets',
    tells: 'GET POST PATCH',
    path: 'terminal/applets',
    noun: 'Applet',
    model: 'terminal.applet',
    search: ['name', 'display_name', 'author'],
    filters: {
      id: uuid('id'),
      name: exact('name'),
      version: exact('version'),
      builtin: flag('builtin'),
      is_active: flag('is_active'),
    },
    fields: [
      id(),
      slug(),
      text('display_name', { required: true, max: 128 }),
      ...app(),
      choice('type', { general: 'General', web: 'Web' }, { required: true }),
      choice('edition', { community: 'Community', enterprise: 'Enterprise' }, { fill: 'community' }),
      bool('can_concurrent'),
      ...appTail(),
    ],
  },
  {
    ...plain,
    table: 'virtual-apps',
    path: 'terminal/virtual-apps',
    noun: 'VirtualApp',
    model: 'terminal.virtualapp',
    search: ['name'],
    filters: { id: uuid('id'), name: exact('name'), is_active: flag('is_active') },
    fields: [
      id(),
      slug(),
      text('display_name', { required: true, max: 128 }),
      text('image_name', { required: true, max: 128 }),
      ...app(),
      text('image_protocol', { fill: 'vnc', max: 16 }),
      integer('image_port', { fill: 5900 }),
      ...appTail(),
    ],
  },
];
