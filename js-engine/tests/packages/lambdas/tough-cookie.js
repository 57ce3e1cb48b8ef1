const { Cookie, CookieJar, canonicalDomain, domainMatch, getPublicSuffix, pathMatch, parseDate } = require('tough-cookie');

const lambda = async () => {
  const jar = new CookieJar();
  await jar.setCookie('a=1; Domain=example.com; Path=/x; Expires=Tue, 19 Jan 2038 03:14:07 GMT', 'http://www.example.com/x/y');
  await jar.setCookie('b=2; HttpOnly; Secure; SameSite=Strict', 'https://www.example.com/');
  const failed = await jar.setCookie('c=3; Domain=co.uk', 'http://a.co.uk/').catch((error) => error.message);
  const parsed = Cookie.parse('key="va lue"; Max-Age=5; Path=/p; Weird=1');
  return [
    await jar.getCookieString('http://www.example.com/x'), jar.getCookieStringSync('https://www.example.com/x/z'), failed, parsed.key, parsed.value, parsed.maxAge, parsed.path, parsed.extensions, String(Cookie.parse('x=y; secure')), canonicalDomain('.ÜBER.de'), domainMatch('a.b.de', 'b.de'), getPublicSuffix('www.x.co.uk'), pathMatch('/a/b', '/a'),
    parseDate('Wed, 09 Jun 2021 10:18:14 GMT'), Cookie.parse('nonsense') === undefined, (await jar.serialize()).cookies.map(({ key, domain, path, hostOnly }) => [key, domain, path, hostOnly]), CookieJar.deserializeSync(jar.serializeSync()).getCookiesSync('http://example.com/x').length,
  ];
};
