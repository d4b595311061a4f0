import { hash } from 'node:crypto';
import { type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { Assessment } from './assess.ts';
import type { OperationContext } from './graph.ts';
import type { Parameters } from './parameters.ts';

/** An operation as something that may be asked again, with the same text and the same values. */
export interface Question {
  /** Tells the session what is asked, where one read may wait for another. */
  readonly begin: (operation: OperationDefinitionNode, assessment: Assessment | undefined) => void;
  /** Tells the session that the operation has ended. */
  readonly end: () => void;
}

/** Makes the question of a request. Only queries are foreseen: nothing may be read for a write that may yet be refused. */
export const createQuestion = ({ session }: OperationContext, parameters: Parameters): Question => {
  let end = (): void => {};
  return {
    begin: ({ operation }, assessment) => {
      const hasLevels = assessment !== undefined && assessment.plan.reaches.length > 1;
      if (operation === OperationTypeNode.QUERY && hasLevels) end = session.foresee?.(toKey(parameters)) ?? end;
    },
    end: () => end(),
  };
};

const toKey = ({ query, operationName, variables, extensions }: Parameters): string =>
  hash('sha256', JSON.stringify([query, operationName, variables, extensions]), 'base64url');
