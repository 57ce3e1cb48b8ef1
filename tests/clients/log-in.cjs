'use strict';
// What a browser and the person before it do with the login page: follow it, fill its form in, send it off, until the
// server sends them back to the app. The page's field names are taken from the page.

const ENTITIES = { amp: '&', quot: '"', lt: '<', gt: '>', '#39': "'", '#x27': "'" };
const plain = (text) => text.replace(/&(#?\w+);/g, (whole, name) => ENTITIES[name] ?? whole);

const attributes = (tag) =>
  Object.fromEntries([...tag.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].slice(1).map(([, name, value = '']) => [name, plain(value)]));

/** The page's form, filled in: where it goes and what it says. */
const fill = (page, address, username, password) => {
  const tag = /<form[^>]*>/.exec(page);
  if (tag === null) throw new Error(`no form in: ${page}`);
  const fields = new URLSearchParams();
  let pressed = false;
  for (const [element, kind] of page.matchAll(/<(input|button)\b[^>]*>/g)) {
    const { name, value = '', type = 'text' } = attributes(element);
    if (name === undefined || (kind === 'button' && pressed)) continue;
    // The first button is the one that a press of the return key means.
    pressed = pressed || kind === 'button';
    if (kind === 'button') fields.append(name, value);
    else if (type === 'password') fields.append(name, password);
    else if (type === 'text' || type === 'email') fields.append(name, username);
    else fields.append(name, value);
  }
  return { action: new URL(attributes(tag[0]).action || address, address), fields };
};

/** Where the server sends the browser back to. */
exports.logIn = async (address, redirectUri, username, password) => {
  let here = new URL(address);
  let response = await fetch(here, { redirect: 'manual' });
  let cookies = '';
  for (let page = 0; page < 5; page++) {
    const location = response.headers.get('location');
    cookies = [cookies, ...response.headers.getSetCookie().map((cookie) => cookie.split(';')[0])].filter(Boolean).join('; ');
    if (location?.startsWith(redirectUri)) return new URL(location);
    if (location !== null) {
      here = new URL(location, here);
      response = await fetch(here, { redirect: 'manual', headers: { cookie: cookies } });
      continue;
    }
    const { action, fields } = fill(await response.text(), here, username, password);
    here = action;
    response = await fetch(here, { method: 'POST', body: fields, redirect: 'manual', headers: { cookie: cookies, origin: here.origin } });
  }
  throw new Error(`still at ${here} with status ${response.status}: ${await response.text()}`);
};
