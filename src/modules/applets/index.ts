import type { GraphContext } from '../../graph/context.ts';
import { getAll } from '../../graph/fetch-all.ts';
import { isRow, type Row, scopeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { mutation } from '../../graph/write.ts';
import { knownRow, knownRows } from '../../graph/write-known.ts';
import { act, create, remove, someReferences, update } from '../../graph/write-plain.ts';
import { nameAccounts } from '../assets/accounts.ts';

const taskOf = (answer: unknown) => (isRow(answer) ? answer['task'] : null);

/** Sets a host up. JumpServer names the task alone, by the id of the set-up. */
const deploy = mutation(async (write) => {
  const answer = await write.send(write.operation('POST'), { body: write.body() });
  const taskId = taskOf(answer);
  return { appletHostDeployment: taskId === null ? null : { id: taskId }, taskId };
});

/** Sets off the same task for many hosts. JumpServer leaves unknown ones out without a word, and takes an applet that is not there. */
const onHosts = mutation(async (write) => {
  someReferences(write, 'hosts');
  const hosts = await knownRows(write, 'AppletHost', 'hosts');
  if (write.input['applet']) await knownRow(write, 'Applet', 'applet');
  const taskId = taskOf(await write.send(write.operation('POST'), { body: write.body() }));
  return { appletHosts: hosts.map(({ id }): Row => ({ id })), taskId };
});

/** Writes of programs that run elsewhere and are shown here, and of the servers that run them. */
export const applets = {
  AppProvider: {
    containers: (row: Row, _args: object, context: GraphContext) =>
      getAll(
        scopeOf(row, context.scope).session,
        '/terminal/app-providers/{id}/containers/',
        {},
        { id: String(row['id']) },
      ),
  },
  Mutation: {
    createApplet: create('Applet'),
    updateApplet: update('Applet'),
    deleteApplet: remove('Applet'),
    createAppletHost: create('AppletHost', nameAccounts),
    updateAppletHost: update('AppletHost'),
    deleteAppletHost: remove('AppletHost'),
    generateAppletHostAccounts: act('AppletHost', 'PUT'),
    createAppletHostDeployment: deploy,
    updateAppletHostDeployment: update('AppletHostDeployment'),
    deleteAppletHostDeployment: remove('AppletHostDeployment'),
    installApplets: onHosts,
    uninstallApplets: onHosts,
    createAppletPublication: create('AppletPublication'),
    updateAppletPublication: update('AppletPublication'),
    deleteAppletPublication: remove('AppletPublication'),
    createVirtualApp: create('VirtualApp'),
    updateVirtualApp: update('VirtualApp'),
    deleteVirtualApp: remove('VirtualApp'),
    createVirtualAppPublication: create('VirtualAppPublication'),
    updateVirtualAppPublication: update('VirtualAppPublication'),
    deleteVirtualAppPublication: remove('VirtualAppPublication'),
    updateAppProvider: update('AppProvider'),
    deleteAppProvider: remove('AppProvider'),
  },
} satisfies Resolvers;
