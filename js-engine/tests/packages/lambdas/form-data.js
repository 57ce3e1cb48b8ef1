const FormData = require('form-data');

const lambda = async (input) => {
  const form = new FormData();
  form.setBoundary = () => {};
  form._boundary = '--------------------------boundary';
  form.append('field', 'ü value');
  form.append('file', Buffer.from('a,b\n1,2\n'), { filename: 'data.csv', contentType: 'text/csv' });
  form.append('guessed', 'x', { filename: 'page.html', knownLength: 1 });
  const sent = await new Promise((resolve, reject) => {
    form.submit(`${input.payload}/echo`, (error, response) => {
      if (error) return reject(error);
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => resolve(JSON.parse(text)));
    });
  });
  return [form.getHeaders(), form.getLengthSync(), sent, form.hasKnownLength(), new FormData().getBoundary().length];
};
