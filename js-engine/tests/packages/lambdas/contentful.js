const contentful = require('contentful');

const lambda = async (input) => {
  const { host } = new URL(input.payload);
  const entries = { sys: { type: 'Array' }, total: 1, items: [{ sys: { id: 'e1', type: 'Entry' }, fields: { title: 'Ü', photo: { sys: { type: 'Link', linkType: 'Asset', id: 'a1' } }, friend: { sys: { type: 'Link', linkType: 'Entry', id: 'e1' } } } }], includes: { Asset: [{ sys: { id: 'a1', type: 'Asset' }, fields: { file: { url: '//x/y.png' } } }] } };
  const client = contentful.createClient({ space: 's', accessToken: 't', host, insecure: true, retryOnError: false, adapter: undefined });
  const parsed = client.parseEntries(entries);
  return [parsed.items[0].fields.photo.fields.file.url, parsed.items[0].fields.friend.fields.title, parsed.total, await client.getSpace().then(({ path, headers }) => [path, headers.authorization]), await client.getEntry('e2').then((entry) => entry.path, (error) => [error.name, error.message]), (() => { try { return contentful.createClient({}); } catch (error) { return error.message; } })()];
};
