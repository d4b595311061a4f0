import { groupsOf } from './access.ts';
import { isInRange } from './attr-rules.ts';
import type { Exchange } from './exchange.ts';
import { userText } from './operate-log.ts';
import { listOf } from './rows.ts';
import type { Json, JsonObject, Row } from './types.ts';
import { idsOf, isObject, orgName, ROOT_ORG, textOf, type WebSession, type World } from './world.ts';

/** Whether a rule of an ACL names this user: everyone, these ids, or by attributes. */
function namesUser(world: World, rule: Json | undefined, user: Row): boolean {
  if (!isObject(rule)) return false;
  if (rule.type === 'all') return true;
  if (rule.type === 'ids') return idsOf(rule.ids).includes(user.id);
  return listOf(rule.attrs).every((one) => {
    const { name = '', value = null } = one as JsonObject;
    const has = attributesOf(world, user, textOf(name));
    return has.some((member) => member === value || listOf(value).includes(member));
  });
}

/** A user's values of an attribute: groups and roles stand in tables of their own. */
function attributesOf(world: World, user: Row, name: string): readonly Json[] {
  if (name === 'groups') return groupsOf(world, user.id);
  if (name === 'system_roles' || name === 'org_roles') {
    return world.store
      .table('role-bindings')
      .where('user', user.id)
      .map((binding) => binding.role ?? null);
  }
  return [user[name] ?? null];
}

/** The sign-in rule that catches this user from this address, lowest priority number first. */
function ruleFor(x: Exchange, user: Row): Row | undefined {
  const acls = [...x.world.store.table('login-acls').all()].filter(
    (acl) => acl.is_active === true && namesUser(x.world, acl.users, user),
  );
  acls.sort((a, b) => Number(a.priority) - Number(b.priority));
  return acls.find((acl) => {
    const rules = (acl.rules ?? {}) as JsonObject;
    const ranges = listOf(rules.ip_group).map(textOf);
    return ranges.length === 0 || ranges.some((range) => isInRange(x.address, range));
  });
}

/** The ticket that holds a sign-in up, opened when there is none; null when nothing does (api.md §1.3). */
export function openReview(x: Exchange, user: Row, session: WebSession): Row | null {
  const rule = ruleFor(x, user);
  if (rule === undefined || rule.action !== 'review') return null;
  const tickets = x.world.store.table('tickets');
  const known = session.ticket === null ? undefined : tickets.get(session.ticket);
  if (known !== undefined) return known.state === 'approved' ? null : known;
  const now = x.world.now();
  const ticket = tickets.insert({
    id: x.world.chance.uuid(),
    title: `Sign-in of ${userText(user)}`,
    org_id: ROOT_ORG,
    type: 'login_confirm',
    state: 'pending',
    status: 'open',
    applicant: user.id,
    approval_step: 1,
    serial_num: String(tickets.size + 1).padStart(12, '0'),
    process_map: [
      {
        state: 'pending',
        assignees: idsOf(rule.reviewers),
        processor: '',
        approval_level: 1,
        assignees_display: [],
        approval_date: new Date(now).toISOString(),
        processor_display: '',
      },
    ],
    rel_snapshot: { applicant: userText(user) },
    org_name: orgName(x.world, ROOT_ORG),
    comment: '',
    date_created: now,
    date_updated: now,
  });
  session.ticket = ticket.id;
  return ticket;
}

/** What a sign-in says while its review is not over; null when it may go on. */
export function reviewState(ticket: Row): JsonObject | null {
  if (ticket.state === 'approved') return null;
  if (ticket.state === 'pending') {
    return {
      error: 'login_confirm_wait',
      msg: 'Someone has to agree to this sign-in first.',
      data: { ticket_id: ticket.id },
    };
  }
  return {
    error: 'login_confirm_error',
    msg: `The sign-in was ${textOf(ticket.state)}.`,
    data: { ticket_id: ticket.id, username: '' },
  };
}
