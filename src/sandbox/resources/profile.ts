import { ApiError } from '../errors.ts';
import { caller, type Exchange, lookOf, objectBody } from '../exchange.ts';
import { may } from '../rights.ts';
import { type Route, route } from '../routes.ts';
import { fieldsOf, toAnswer } from '../rows.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { isIn } from '../versions.ts';
import { readInput, storeChange } from '../writes.ts';
import { rightsOf } from './orgs.ts';
import { backendsOfUser } from './subscriptions.ts';
import { users } from './users.ts';

/** A user as they see themselves: in their profile, and with more of it in the answer to a sign-in. */
export function profileOf(x: Exchange, row: Row, view: 'D' | 'W'): JsonObject {
  const { version } = x.world;
  const own: Exchange = { ...x, user: row };
  const shown = fieldsOf(users, version, view).filter((field) => field.name !== 'has_public_keys');
  const isOld = isIn(version, { until: '4.10.16' });
  return {
    ...toAnswer(row, shown, lookOf(own, view)),
    public_key_comment: '',
    public_key_hash_md5: '',
    guide_url: '',
    ...(isOld ? {} : { lang: 'en' }),
    ...(version === '4.10.19' ? { has_jdmc: may(x.world, row, x.org, 'rbac.view_jdmc') } : {}),
    ...(isOld ? rightsOf(own) : {}),
    receive_backends: backendsOfUser(x, row),
  };
}

const profile = (x: Exchange): JsonObject => profileOf(x, caller(x), 'D');

/** Name, user name and address are told, not written; what is not known is dropped. */
function changeProfile(x: Exchange): Json {
  const row = caller(x);
  const allowed = Object.fromEntries(
    Object.entries(objectBody(x)).filter(([name]) => ['phone', 'wechat', 'mfa_level', 'comment'].includes(name)),
  );
  const input = readInput(users, x, allowed, row, { partial: true, bulk: false });
  if (Object.keys(input.faults).length > 0) throw new ApiError(400, input.faults);
  storeChange(users, input);
  return profile(x);
}

/** The caller's own profile. */
export const profileRoutes: readonly Route[] = [
  route('GET', 'users/profile', 'any', profile),
  route('PUT PATCH', 'users/profile', 'any', changeProfile),
];
