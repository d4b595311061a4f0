/**
 * Who of the company recorded on 4.10.16 reaches what, read off its rows without the engine: which valid permissions name a person or a
 * group of theirs, and what those name and what hangs below.
 */

/** Assets in some nodes of the tree and below them. */
export const BELOW: Readonly<Record<string, string>> = {
  '/DEFAULT/eu-west/prod':
    'cisco-0081 cisco-0109 cisco-0137 kubernetes-0027 kubernetes-0055 kubernetes-0083 linux-0000 linux-0028 linux-0056 linux-0189 mysql-0108 mysql-0136 mysql-0164 postgresql-0002 postgresql-0135 postgresql-0163 postgresql-0191 website-0054 website-0082 website-0110 windows-0001 windows-0029 windows-0162 windows-0190',
  '/DEFAULT/eu-west/prod/net':
    'cisco-0137 kubernetes-0083 linux-0056 mysql-0164 postgresql-0002 postgresql-0191 website-0110 windows-0029',
  '/DEFAULT/eu-west/prod/web':
    'cisco-0081 kubernetes-0027 linux-0000 linux-0189 mysql-0108 postgresql-0135 website-0054 windows-0162',
  '/DEFAULT/eu-west/stage/db':
    'cisco-0004 cisco-0193 kubernetes-0139 linux-0112 mysql-0031 postgresql-0058 website-0166 windows-0085',
  '/DEFAULT/eu-west/stage/net':
    'cisco-0032 kubernetes-0167 linux-0140 mysql-0059 postgresql-0086 website-0005 website-0194 windows-0113',
  '/DEFAULT/us-east':
    'cisco-0011 cisco-0039 cisco-0067 cisco-0095 cisco-0123 cisco-0144 cisco-0151 cisco-0172 cisco-0179 cisco-0200 kubernetes-0013 kubernetes-0041 kubernetes-0069 kubernetes-0090 kubernetes-0097 kubernetes-0118 kubernetes-0125 kubernetes-0146 kubernetes-0174 kubernetes-0202 linux-0014 linux-0042 linux-0063 linux-0070 linux-0091 linux-0098 linux-0119 linux-0147 linux-0175 linux-0203 mysql-0010 mysql-0017 mysql-0038 mysql-0066 mysql-0094 mysql-0122 mysql-0150 mysql-0171 mysql-0178 mysql-0199 mysql-0206 postgresql-0009 postgresql-0016 postgresql-0037 postgresql-0044 postgresql-0065 postgresql-0093 postgresql-0121 postgresql-0149 postgresql-0177 postgresql-0198 postgresql-0205 website-0012 website-0040 website-0068 website-0096 website-0117 website-0124 website-0145 website-0152 website-0173 website-0201 windows-0015 windows-0036 windows-0043 windows-0064 windows-0071 windows-0092 windows-0120 windows-0148 windows-0176 windows-0204',
  '/DEFAULT/us-east/dev/net':
    'cisco-0179 kubernetes-0125 linux-0098 mysql-0017 mysql-0206 postgresql-0044 website-0152 windows-0071',
  '/DEFAULT/us-east/stage/web':
    'cisco-0039 kubernetes-0174 linux-0147 mysql-0066 postgresql-0093 website-0012 website-0201 windows-0120',
};

/** What permissions open: assets by name, nodes by path; all of them hold until 2036. */
export const GRANTS: Readonly<
  Record<
    string,
    { readonly assets: string; readonly nodes: string; readonly actions: string; readonly accounts: string }
  >
> = {
  'perm-001': {
    assets: 'website-0005',
    nodes: '/DEFAULT/eu-west/prod',
    actions: 'connect upload download',
    accounts: '@SPEC root',
  },
  'perm-002': {
    assets: 'cisco-0011 mysql-0010',
    nodes: '/DEFAULT/eu-west/prod/web',
    actions: 'connect upload download copy paste delete share',
    accounts: '@INPUT',
  },
  'perm-003': { assets: 'mysql-0017 postgresql-0016 windows-0015', nodes: '', actions: 'connect', accounts: '@USER' },
  'perm-004': {
    assets: 'kubernetes-0020 linux-0021 postgresql-0023 windows-0022',
    nodes: '/DEFAULT/eu-west/prod/net',
    actions: 'connect upload download',
    accounts: '@ALL',
  },
  'perm-006': {
    assets: 'cisco-0032 kubernetes-0034 linux-0035 mysql-0031 postgresql-0030 website-0033',
    nodes: '',
    actions: 'connect',
    accounts: '@INPUT',
  },
  'perm-007': { assets: '', nodes: '/DEFAULT/eu-west/stage/db', actions: 'connect upload download', accounts: '@USER' },
  'perm-008': {
    assets: 'website-0040',
    nodes: '/DEFAULT/eu-west/stage/net',
    actions: 'connect upload download copy paste delete share',
    accounts: '@ALL',
  },
  'perm-009': { assets: 'cisco-0046 mysql-0045', nodes: '', actions: 'connect', accounts: '@SPEC root' },
  'perm-012': {
    assets: 'cisco-0060 kubernetes-0062 linux-0063 website-0061 windows-0064',
    nodes: '',
    actions: 'connect',
    accounts: '@ALL',
  },
  'perm-013': {
    assets: 'cisco-0067 kubernetes-0069 linux-0070 mysql-0066 postgresql-0065 website-0068',
    nodes: '/DEFAULT/us-east',
    actions: 'connect upload download',
    accounts: '@SPEC root',
  },
  'perm-015': { assets: 'website-0075', nodes: '', actions: 'connect', accounts: '@USER' },
  'perm-019': {
    assets: 'cisco-0095 kubernetes-0097 linux-0098 website-0096 windows-0099',
    nodes: '/DEFAULT/us-east/stage/web',
    actions: 'connect upload download',
    accounts: '@USER',
  },
  'perm-021': { assets: '', nodes: '', actions: 'connect', accounts: '@SPEC root' },
  'perm-025': {
    assets: 'kubernetes-0125 linux-0126 postgresql-0128 windows-0127',
    nodes: '/DEFAULT/us-east/dev/net',
    actions: 'connect upload download',
    accounts: '@SPEC root',
  },
  'perm-027': {
    assets: 'cisco-0137 kubernetes-0139 linux-0140 mysql-0136 postgresql-0135 website-0138',
    nodes: '',
    actions: 'connect',
    accounts: '@USER',
  },
};

/** Ten people, by which permissions they reach something and how they come by each: `direct`, or the name of a group. */
export const PEOPLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Alice: {},
  Bob: { 'perm-001': 'direct dba', 'perm-009': 'dba', 'perm-025': 'dba' },
  Carol: { 'perm-002': 'direct' },
  Dave: { 'perm-002': 'direct', 'perm-003': 'direct audit', 'perm-019': 'audit', 'perm-027': 'audit' },
  Erin: { 'perm-003': 'direct', 'perm-004': 'direct' },
  Frank: { 'perm-003': 'direct', 'perm-004': 'direct', 'perm-013': 'contractors', 'perm-021': 'contractors' },
  Grace: { 'perm-004': 'direct', 'perm-006': 'direct' },
  Heidi: { 'perm-004': 'direct', 'perm-007': 'direct support', 'perm-015': 'support' },
  Ivan: { 'perm-007': 'direct', 'perm-008': 'direct' },
  Nina: { 'perm-012': 'direct', 'perm-013': 'direct contractors', 'perm-021': 'contractors' },
};
