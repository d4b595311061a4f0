import { GraphQLError } from 'graphql';

/** Lets a bounded number of operations run at a time, so that a crowd is told to wait instead of exhausting memory. */
export interface Admission {
  /**
   * Takes a place; the answer gives it back.
   * @throws GraphQLError `OVERLOADED` when there is none
   */
  enter(): () => void;
  readonly running: number;
}

/** Creates an admission with that many places. */
export const createAdmission = (places: number): Admission => {
  let running = 0;
  return {
    enter: () => {
      if (running >= places) throw overloaded();
      running += 1;
      return () => {
        running -= 1;
      };
    },
    get running() {
      return running;
    },
  };
};

const overloaded = (): GraphQLError =>
  new GraphQLError('Too many operations are running; try again shortly.', {
    extensions: { code: 'OVERLOADED', retryAfter: 1 },
  });
