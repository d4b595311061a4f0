/** What an ordinary user may do: with what is theirs, or what JumpServer's role of a user allows. */
export const ALLOWED = new Set([
  'favoriteAsset',
  'unfavoriteAsset',
  'createTempToken',
  'createAdHoc',
  'updateAdHoc',
  'deleteAdHoc',
  'requestAccess',
  'closeTicket',
  'commentTicket',
  'updateProfile',
  'updatePreferences',
  'resetPreferences',
  'updateMessageBackends',
  'setOwnAssetName',
  'createFavoriteFolder',
  'createPlaybook',
  'updatePlaybook',
  'deletePlaybook',
  'createSshKey',
  'login',
  'updateScheduledJob',
  'verifyPassword',
]);

/** What an ordinary user is told otherwise than by a `FORBIDDEN` of the whole. */
export const TOLD: Readonly<Record<string, string>> = {
  verifyMfa: 'BAD_USER_INPUT',
  sendMfaCode: 'BAD_USER_INPUT',
  confirm: 'BAD_USER_INPUT',
  createAccessKey: 'CONFIRMATION_REQUIRED',
  // What is somebody else's is not there for them.
  updateAccessKey: 'id NOT_FOUND',
  deleteAccessKey: 'id NOT_FOUND',
  expireTempToken: 'id NOT_FOUND',
  expireConnectionToken: 'id NOT_FOUND',
  createConnectionToken: 'account NOT_FOUND',
  markMessagesRead: 'ids.0 NOT_FOUND',
  updateFavoriteFolder: 'id NOT_FOUND',
  deleteFavoriteFolder: 'id NOT_FOUND',
  setConnectionTokenReusable: 'id NOT_FOUND',
  updateSshKey: 'id NOT_FOUND',
  deleteSshKey: 'id NOT_FOUND',
  revokeOauthToken: 'id NOT_FOUND',
  createPlaybookFile: 'playbook NOT_FOUND',
  updatePlaybookFile: 'playbook NOT_FOUND',
  deletePlaybookFile: 'playbook NOT_FOUND',
  deleteEndpoint: 'id FORBIDDEN',
};

/** What is told of an unknown id otherwise than by a `NOT_FOUND` at its place. */
export const UNKNOWN: Readonly<Record<string, string>> = {
  // A favourite that is none is taken away already: a warning.
  unfavoriteAsset: 'done',
  revealAccountSecret: 'CONFIRMATION_REQUIRED',
  // Commands are switched off on these servers.
  updateJob: 'FORBIDDEN',
  deleteJob: 'FORBIDDEN',
  runJob: 'FORBIDDEN',
  stopJobExecution: 'FORBIDDEN',
};

/** What is sent although nobody has the id: JumpServer's answer tells which sessions it knew. */
export const SENT = new Set(['terminateSessions', 'lockSessions', 'unlockSessions']);

/** What a Community server refuses to everybody, on every version that has it. */
export const LICENSED = [
  'addToCheckAccount',
  'deleteAccountRisks',
  'deleteChangeSecretProgress',
  'handleAccountRisk',
  'removeFromCheckAccount',
];
