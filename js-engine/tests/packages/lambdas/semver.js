const semver = require('semver');

const lambda = async () => [
  semver.satisfies('1.2.3', '1.x || >=2.5.0 || 5.0.0 - 7.2.3'), semver.maxSatisfying(['1.2.3', '1.3.0', '2.0.0-rc.1'], '^1.2'), semver.inc('1.2.3-beta.4', 'prerelease'), semver.sort(['1.10.0', '1.2.0', '1.2.0-alpha', '0.9.9']),
  semver.coerce('v3.4 replaces v3.3.1').version, semver.diff('1.2.3', '1.3.0'), semver.validRange('~1.2 >1.2.5'), new semver.Range('>=1.2.9 <2.0.0').toString(), semver.valid('a.b.c'), semver.gtr('2.4.0', '1.x'), semver.prerelease('1.2.3-a.1.b'),
];
