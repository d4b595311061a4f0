/** A sandbox that holds what the recorded server held, its clock running with the replay. */
import { createSandbox, currentCode, fromRows } from '../../../src/sandbox/index.ts';
import { isObject, type JsonObject, type Snapshot } from '../../support/recordings.ts';
import type { Recording, Server } from './replay.ts';

const credentials = { administrator: 'replay-administrator', ordinaryUser: 'replay-ordinary-user' };

/** Slow enough for the limits of 4.10.16, as the recorder was, and above that of suggestions (api.md §1.7). */
const betweenRequests = 500;

const startOf = (snapshot: Snapshot): number => {
  const [, year, month, day, clock, zone] =
    /^(\d+)\/(\d+)\/(\d+) ([\d:]+) ([+-]\d\d)/.exec(String(snapshot['server-info']?.[0]?.CURRENT_TIME)) ?? [];
  return Date.parse(`${year}-${month}-${day}T${clock}${zone}:00`);
};

/** The secret behind everybody's one-time codes. */
const secondFactor = 'replay';

/** Passwords are in no list: those that the recorder signed in with. */
const findPasswords = ({ exchanges }: Recording): Map<string, string> =>
  new Map(
    exchanges.flatMap(({ request: { path, body } }): [string, string][] =>
      path.endsWith('/authentication/auth/') && isObject(body) && /^Corp-/.test(String(body.password))
        ? [[String(body.username), String(body.password)]]
        : [],
    ),
  );

const copyRows = (snapshot: Snapshot): Record<string, JsonObject[]> =>
  structuredClone({ ...snapshot }) as Record<string, JsonObject[]>;

/** Opens a sandbox on the recording's snapshot. */
export const openSandbox = (recording: Recording): Server => {
  let now = startOf(recording.snapshot);
  const state = fromRows(recording.version, copyRows(recording.snapshot));
  const passwords = findPasswords(recording);
  for (const user of state.tables.users ?? []) {
    user.otp_secret = secondFactor;
    const password = passwords.get(String(user.username));
    if (password !== undefined) user.password = password;
  }
  const sandbox = createSandbox({
    version: recording.version,
    state,
    tokens: { [credentials.administrator]: 'admin', [credentials.ordinaryUser]: ordinaryUserOf(recording) },
    now: () => now,
  });
  return {
    credentials,
    oneTimeCode: () => currentCode(secondFactor, now),
    fetch: (request) => {
      now += betweenRequests;
      return sandbox.fetch(request);
    },
  };
};

/** The recorder's ordinary user: the one whose profile it read with the user's token. */
const ordinaryUserOf = ({ exchanges }: Recording): string => {
  const profile = exchanges.find(
    ({ request }) => request.auth === 'bearer' && request.path.endsWith('/users/profile/'),
  );
  return isObject(profile?.response.body) ? String(profile.response.body.username) : '';
};
