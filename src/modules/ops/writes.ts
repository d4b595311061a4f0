import { isRow } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { mutation, refuse } from '../../graph/write.ts';
import { knownRow } from '../../graph/write-known.ts';
import { create, remove, update } from '../../graph/write-plain.ts';
import { createPlaybookFile, deletePlaybookFile, updatePlaybookFile } from './playbook-files.ts';

/** JumpServer answers the execution that it made, before it has begun. */
const runJob = mutation(async (write) => {
  const row = await write.send('POST /ops/job-executions/', { body: write.newBody() });
  return { jobExecution: isRow(row) ? row : null };
});

/** Runs are stopped by the id of their task. */
const stopJobExecution = mutation(async (write) => {
  const { id, task_id: task } = await knownRow(write, 'JobExecution', 'id', ['id', 'task_id']);
  await write.send(write.operation('POST'), { body: { task_id: task ?? id } });
  return { jobExecution: { id } };
});

/** Such tasks have no id: their name stands in the address. */
const updatePeriodicTask = mutation(async (write) => {
  const path = { name: String(write.input['name']) };
  const body = write.body(['name']);
  const row = await write.send('PATCH /ops/celery/period-tasks/{name}/', { path, body }).catch((error: unknown) => {
    refuse(write.tell(error, { subject: ['name'] }) ?? []);
    throw error;
  });
  return { periodicTask: isRow(row) ? row : null };
});

/** Writes of commands and playbooks that are kept, of jobs, and of background tasks. */
export const opsWrites = {
  Mutation: {
    createAdHoc: create('AdHoc'),
    updateAdHoc: update('AdHoc'),
    deleteAdHoc: remove('AdHoc'),
    createJob: create('Job'),
    updateJob: update('Job'),
    deleteJob: remove('Job'),
    runJob,
    stopJobExecution,
    createPlaybook: create('Playbook'),
    updatePlaybook: update('Playbook'),
    deletePlaybook: remove('Playbook'),
    createPlaybookFile,
    updatePlaybookFile,
    deletePlaybookFile,
    updatePeriodicTask,
    deleteBackgroundTask: remove('BackgroundTask'),
  },
} satisfies Resolvers;
