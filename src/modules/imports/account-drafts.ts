import { required } from '../../graph/write.ts';
import { type Body, type Input, toBody } from '../../graph/write-body.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { isNothing } from '../../graph/write-words.ts';
import { invalid, type Job, rowPath } from './job.ts';
import { type Lookup, refusalOf } from './references.ts';

/** The input type of one account. */
export const ACCOUNT_ROW = 'ImportAccountInput';

/** An account that may be written once its asset stands. */
export interface AccountDraft {
  readonly row: number;
  readonly id: string;
  readonly field: readonly string[];
  readonly body: Body;
}

/** The longest texts that JumpServer keeps (recorded OPTIONS answers). */
const LONGEST = 128;

/** Checks the accounts of a row against each other and makes their bodies. */
export function draftAccounts(
  job: Job,
  templates: Lookup,
  row: number,
  input: Input,
): { readonly drafts: readonly AccountDraft[]; readonly errors: readonly UserError[] } {
  const accounts = (input['accounts'] ?? []) as readonly Input[];
  const errors: UserError[] = [];
  const seen = new Map<string, number>();
  const drafts = accounts.map((account, at): AccountDraft => {
    const field = rowPath(row, 'accounts', at);
    const template = isNothing(account['template']) ? undefined : templates(account['template']);
    if (typeof template === 'string') errors.push(refusalOf(template, [...field, 'template'], account['template']));
    errors.push(...checkTexts(account, field, template !== undefined), ...checkTwins(account, at, field, seen));
    return {
      row,
      id: job.toId('account', job.numberOf(row), at),
      field,
      body: {
        ...toBody(job.write.catalogue, ACCOUNT_ROW, account, ['template'], field.join('.')),
        ...(typeof template === 'object' ? { template: template.id } : {}),
        ...nameOf(account, template !== undefined),
      },
    };
  });
  return { drafts, errors };
}

/** An account is named after its user; one from a template after that. */
function nameOf(account: Input, isFromTemplate: boolean): Body {
  const name = isNothing(account['name']) ? account['username'] : account['name'];
  return isNothing(name) || (isFromTemplate && isNothing(account['name'])) ? {} : { name };
}

function* checkTexts(account: Input, field: readonly string[], isFromTemplate: boolean): Generator<UserError> {
  const { name, username } = account;
  if (!isFromTemplate && isNothing(name) && isNothing(username))
    yield required([...field, 'username'], 'Give the user name, or a template.');
  for (const [key, text] of Object.entries({ name, username })) {
    if (typeof text === 'string' && text.length > LONGEST)
      yield invalid([...field, key], `Expected at most ${LONGEST} characters, got ${text.length}.`);
  }
}

/** Two of the same name, or of the same user name and kind of secret, would fail their whole array (api.md §5.8, Corrections). */
function* checkTwins(
  account: Input,
  at: number,
  field: readonly string[],
  seen: Map<string, number>,
): Generator<UserError> {
  const { username, secretType = 'PASSWORD' } = account;
  const name = isNothing(account['name']) ? username : account['name'];
  const keys = {
    ...(isNothing(username) ? {} : { username: `${secretType} ${username}` }),
    ...(isNothing(name) ? {} : { name: `name ${name}` }),
  };
  for (const [place, key] of Object.entries(keys)) {
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, at);
      continue;
    }
    yield { field: [...field, place], code: 'DUPLICATE', message: `Account ${first} of the row is the same.` };
    return;
  }
}
