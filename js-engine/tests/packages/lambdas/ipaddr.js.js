const ipaddr = require('ipaddr.js');

const lambda = async () => [
  ipaddr.parse('2001:db8::1').toNormalizedString(), ipaddr.parse('192.168.1.1').range(), ipaddr.parse('::ffff:192.0.2.1').toIPv4Address().octets, ipaddr.process('::ffff:10.0.0.1').kind(), ipaddr.parse('10.1.2.3').match(ipaddr.parseCIDR('10.0.0.0/8')), ipaddr.isValid('300.1.1.1'), ipaddr.IPv4.networkAddressFromCIDR('172.16.5.9/20').toString(),
  ['fe80::1', 'ff02::1', '::1', '2002::', '169.254.1.1', '8.8.8.8'].map((text) => ipaddr.parse(text).range()), ipaddr.fromByteArray([127, 0, 0, 1]).toString(), ipaddr.IPv4.parse('0x7f.1').toString(), ipaddr.subnetMatch(ipaddr.parse('10.0.0.1'), { office: [ipaddr.parseCIDR('10.0.0.0/24')] }, 'none'), (() => { try { return ipaddr.parse('x'); } catch (error) { return error.message; } })(),
];
