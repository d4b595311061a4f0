/** Ids that a server makes up while it answers: which of ours stands for which recorded one. */
import { isObject, type Json } from '../../support/recordings.ts';

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const oneUuid = new RegExp(`^${uuids.source}$`);

/** True for a string that is a UUID and nothing else. */
const isUuid = (value: Json | undefined): value is string => typeof value === 'string' && oneUuid.test(value);

/** The text with its UUIDs made equal. */
export const maskUuids = (text: string): string => text.replace(uuids, 'uuid');

/** Every UUID that stands in the text. */
const findUuids = (text: string): string[] => text.match(uuids) ?? [];

/** What the replay knows of ids. */
export interface Identities {
  /** The recorded text with each id that the recorded server made up replaced by the one of our server. */
  readonly translate: (text: string) => string;
  /** True when an id stands in the text that the recorded server made up and that has not been met yet. */
  readonly hasNew: (text: string) => boolean;
  /** Pairs the made-up ids at equal places of two bodies. */
  readonly learn: (recorded: Json, actual: Json) => void;
  /** From now on these ids are given: a request named them. */
  readonly know: (text: string) => void;
}

const pairArrays = (recorded: Json[], actual: Json, visit: (recorded: Json, actual: Json) => void): void => {
  if (!Array.isArray(actual) || actual.length !== recorded.length) return;
  recorded.forEach((element, index) => {
    visit(element, actual[index] ?? null);
  });
};

/** Starts with the ids that stand in `given`, the rows that both servers hold. */
export const createIdentities = (given: string): Identities => {
  const known = new Set(findUuids(given));
  const ours = new Map<string, string>();
  const isNew = (id: string): boolean => !known.has(id) && !ours.has(id);
  const learn = (recorded: Json, actual: Json): void => {
    if (isUuid(recorded) && isUuid(actual) && isNew(recorded)) ours.set(recorded, actual);
    else if (Array.isArray(recorded)) pairArrays(recorded, actual, learn);
    else if (isObject(recorded) && isObject(actual)) {
      for (const [key, value] of Object.entries(recorded)) learn(value, actual[key] ?? null);
    }
  };
  return {
    hasNew: (text) => findUuids(text).some(isNew),
    learn,
    translate: (text) => text.replace(uuids, (id) => ours.get(id) ?? id),
    know: (text) => {
      for (const id of findUuids(text)) if (!ours.has(id)) known.add(id);
    },
  };
};
