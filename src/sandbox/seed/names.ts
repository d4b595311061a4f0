/** Words the generated company is made of. */
export const FIRST_NAMES = (
  'Astrid Bruno Chiara Dmitri Elif Farid Greta Hiroshi Ines Jonas Kamila Lorenzo Maren Nadia Oskar Petra Quentin Rosa ' +
  'Soren Tomasz Ulla Viktor Wanda Xenia Yusuf Zofia Amara Bjorn Celeste Diego Esra Felix Gudrun Hamid Isolde Jasper'
).split(' ');

/** Last names of the invented people. */
export const LAST_NAMES = (
  'Aalto Berg Castellan Drozd Ekholm Ferrante Gruber Haverkamp Ivanova Jansson Kovac Lindqvist Moreau Novak Okafor ' +
  'Pires Quist Rossi Salonen Teixeira Ulrich Vermeer Wozniak Yilmaz Zanetti'
).split(' ');

/** Names and comments of the user groups. */
export const GROUP_NAMES: readonly [string, string][] = [
  ['Harbour Operations', 'Runs the terminals day and night'],
  ['Database Crew', 'Keeps the databases'],
  ['Network Crew', 'Switches, routers, firewalls'],
  ['Web Shop Team', 'Builds and runs the shop'],
  ['Security Desk', 'Watches and audits'],
  ['Platform Team', 'Linux, Kubernetes and what runs on them'],
  ['External Partners', 'People of other companies'],
  ['Newcomers', 'First months'],
];

/** First level of the asset tree. */
export const SITES = ['Rotterdam', 'Trieste', 'Porto', 'Cloud'];
/** Second level of the asset tree. */
export const STAGES = ['Production', 'Staging'];
/** Third level of the asset tree. */
export const TIERS = ['Shop', 'Data', 'Network', 'Office'];

/** Commands that harm nothing. */
export const INPUTS = [
  'ls -la /var/log',
  'df -h',
  'systemctl status shop',
  'journalctl -u shop -n 50',
  'kubectl get pods',
  'tail -f /var/log/shop/access.log',
  'select count(*) from orders;',
  'show running-config',
  'cat /etc/hosts',
  'uptime',
];

/** Commands that do. */
export const RISKY_INPUTS = ['rm -rf /srv/old', 'drop table orders;', 'shutdown -h now', 'reload in 5'];
