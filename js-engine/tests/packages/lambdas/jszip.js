const JSZip = require('jszip');

const lambda = async () => {
  const zip = new JSZip();
  const date = new Date(Date.UTC(2020, 0, 2, 3, 4, 6));
  zip.file('a.txt', 'text ü '.repeat(50), { date, comment: 'c' });
  zip.folder('deep').file('b.bin', Buffer.from([0, 1, 255]), { date, binary: true });
  zip.file('later.txt', Promise.resolve('later'), { date });
  const bytes = await zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE', compressionOptions: { level: 9 }, platform: 'UNIX', comment: 'all' });
  const read = await JSZip.loadAsync(bytes, { checkCRC32: true });
  return [
    Object.keys(read.files), await read.file('a.txt').async('string'), await read.file('deep/b.bin').async('base64'), read.comment, read.file('a.txt').date, read.file(/txt$/).length, await JSZip.loadAsync('no zip').catch((error) => error.message.slice(0, 40)), (await zip.generateAsync({ type: 'base64', compression: 'STORE' })).length,
    await new Promise((resolve) => { let size = 0; read.file('a.txt').nodeStream().on('data', (part) => (size += part.length)).on('end', () => resolve(size)); }),
  ];
};
