import type { Subgraph } from './subgraph.ts';

const typeDefs = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

  type Query {
    "Who works here."
    employees: [Employee!]!
  }

  "Somebody who works here."
  type Employee @key(fields: "number") {
    number: ID!
    department: String!
    "The account in JumpServer; null for those who have none."
    user: User
  }

  "An account of JumpServer: HR knows it by its e-mail address."
  type User @key(fields: "email") {
    email: String!
    employee: Employee
  }
`;

interface Employee {
  readonly number: string;
  readonly department: string;
  readonly email: string;
}

/** The last one has no account in JumpServer. */
const employees: readonly Employee[] = [
  { number: '1', department: 'Operations', email: 'admin@harborvale.example' },
  { number: '2', department: 'Payments', email: 'amara.haverkamp@harborvale.example' },
  { number: '3', department: 'Payments', email: 'astrid.drozd@harborvale.example' },
  { number: '4', department: 'Canteen', email: 'cook@harborvale.example' },
];

/** A personnel system that extends `User`, whom it knows by e-mail address. */
export const hr: Subgraph = {
  name: 'hr',
  typeDefs,
  resolvers: {
    Query: { employees: () => employees },
    Employee: {
      __resolveReference: ({ number }: Employee) => employees.find((one) => one.number === number),
      user: ({ email }: Employee) => ({ __typename: 'User', email }),
    },
    User: {
      __resolveReference: ({ email }: Employee) => ({ email }),
      employee: ({ email }: Employee) => employees.find((one) => one.email === email),
    },
  },
};
