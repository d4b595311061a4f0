import type { Field, FieldOptions } from '../field.ts';
import {
  actions,
  type Choices,
  choice,
  computed,
  dateCreated,
  dateUpdated,
  id,
  json,
  moment,
  text,
  texts,
} from '../fields.ts';
import { userText } from '../operate-log.ts';
import { ref, refs, toRelated } from '../related-fields.ts';
import { orgName, rowOf } from '../world.ts';

const TYPES: Choices = {
  apply_asset: 'Access to assets',
  login_confirm: 'Sign-in',
  command_confirm: 'Command',
  login_asset_confirm: 'Connection',
};

/** The kinds of tickets for which it can be said who decides. */
export const FLOW_TYPES: Choices = { general: 'General', ...TYPES };

const STATES: Choices = {
  all: 'All',
  pending: 'Pending',
  closed: 'Closed',
  approved: 'Approved',
  rejected: 'Rejected',
};

const STATUSES: Choices = { open: 'Open', closed: 'Closed' };

const TWO_LEVELS: Choices = { 1: 'One level', 2: 'Two levels' };

const FIVE_LEVELS: Choices = { ...TWO_LEVELS, 3: 'Three levels', 4: 'Four levels', 5: 'Five levels' };

/** How many steps there are, or which is the present one. */
export const level = (name: string, options: FieldOptions = {}): Field[] => [
  choice(name, TWO_LEVELS, { fill: 1, numeric: true, ...options, until: '4.10.19' }),
  choice(name, FIVE_LEVELS, { fill: 1, numeric: true, ...options, required: false, since: '4.10.19' }),
];

const flowFields: Field[] = [
  ref('flow', 'ticket-flows', { mode: 'ro', since: '4.10.19' }),
  refs('cc_users', 'users', { mode: 'ro', since: '4.10.19' }),
];

const head: readonly Field[] = [id(), text('title', { required: true, max: 256 })];

const tail: readonly Field[] = [
  text('serial_num', { mode: 'ro' }),
  json('process_map', { mode: 'ro' }),
  ...level('approval_step', { mode: 'ro' }),
  choice('state', STATES, { mode: 'ro', fill: 'pending' }),
  choice('status', STATUSES, { mode: 'ro', fill: 'open' }),
  computed('org_name', 'string', (row, look) => orgName(look.world, row.org_id)),
  json('rel_snapshot', { mode: 'ro' }),
  dateCreated(),
  dateUpdated(),
  text('comment'),
];

/** The fields of all tickets. */
export const ticketFields: readonly Field[] = [
  ...head,
  text('org_id', { type: 'field', mode: 'ro' }),
  ...flowFields,
  choice('type', TYPES, { mode: 'ro', fill: 'general' }),
  ref('applicant', 'users', { mode: 'ro' }),
  ...tail,
];

/** The applicant as text in one list, as an object in the other. */
const applicantText = (): Field => ({
  ...text('applicant', {}),
  read: (row, look) => {
    const user = rowOf(look.world, 'users', row.applicant);
    return user === undefined ? '' : userText(user);
  },
  back: () => undefined,
});

const span = (name: string): Field[] => [
  moment(name, { nullable: true, until: '4.10.19' }),
  moment(name, { required: true, since: '4.10.19' }),
];

/** The fields of a ticket that asks for access to assets. */
export const applyFields: readonly Field[] = [
  ...head,
  { ...text('org_id', { required: true, max: 36 }), parse: (value, look) => toRelated('orgs', value, look).id },
  ...flowFields,
  { ...text('flow_id', { mode: 'wo', since: '4.10.19' }), at: '' },
  choice('type', TYPES, { mode: 'ro', fill: 'general' }),
  refs('apply_nodes', 'nodes', { meta: { help_text: 'Folders of the tree' } }),
  refs('apply_assets', 'assets', { meta: { help_text: 'Assets one by one' } }),
  texts('apply_accounts', { type: 'json' }),
  actions('apply_actions'),
  applicantText(),
  ...tail,
  text('apply_permission_name', { mode: 'ro' }),
  ...span('apply_date_start'),
  ...span('apply_date_expired'),
];
