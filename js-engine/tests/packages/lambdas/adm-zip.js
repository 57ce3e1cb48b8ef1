const AdmZip = require('adm-zip');

const lambda = async () => {
  const zip = new AdmZip();
  zip.addFile('a.txt', Buffer.from('text ü '.repeat(50)), 'comment');
  zip.addFile('deep/b.bin', Buffer.from([0, 1, 255]));
  zip.addZipComment('all');
  const read = new AdmZip(zip.toBuffer());
  read.deleteFile('deep/b.bin');
  return [
    read.getEntries().map(({ entryName, comment, isDirectory, header }) => [entryName, comment, isDirectory, header.size, header.crc]), read.readAsText('a.txt'), new AdmZip(zip.toBuffer()).readFile('deep/b.bin').toString('hex'), read.getZipComment(), read.getEntry('none'), (() => { try { return new AdmZip(Buffer.from('no zip')); } catch (error) { return error.message || error; } })(),
    await new Promise((resolve, reject) => new AdmZip(zip.toBuffer()).getEntry('a.txt').getDataAsync((data, error) => (error ? reject(error) : resolve(data.length)))),
  ];
};
