const iconv = require('iconv-lite');

const lambda = async () => {
  const names = ['win1252', 'ISO-8859-15', 'utf16be', 'utf-16', 'Shift_JIS', 'EUC-JP', 'GBK', 'gb18030', 'Big5', 'EUC-KR', 'cp437', 'koi8-r', 'macroman', 'utf7', 'utf32', 'CESU-8'];
  const decoder = iconv.getDecoder('Shift_JIS');
  const sjis = iconv.encode('日本語テキスト', 'Shift_JIS');
  return [
    names.map((name) => iconv.encode('aü€日本語한중Ж', name).toString('hex')), names.map((name) => iconv.decode(iconv.encode('aü日', name), name)), iconv.decode(Buffer.from('efbbbf61', 'hex'), 'utf8'), iconv.encodingExists('nonsense'), [sjis.slice(0, 3), sjis.slice(3)].map((part) => decoder.write(part)).join('|') + (decoder.end() || ''),
    (() => { try { return iconv.decode(Buffer.from('x'), 'nonsense'); } catch (error) { return error.message; } })(), await new Promise((resolve) => { const stream = iconv.decodeStream('win1251'); stream.collect((error, text) => resolve(text)); stream.end(Buffer.from([0xcf, 0xf0])); }),
  ];
};
