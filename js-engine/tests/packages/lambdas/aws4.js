const aws4 = require('aws4');

const lambda = async () => {
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const date = { 'X-Amz-Date': '20150830T123600Z' };
  return [
    aws4.sign({ service: 'iam', path: '/?Version=2010-05-08&Action=ListUsers', headers: { ...date } }, keys), aws4.sign({ host: 'sqs.us-east-1.amazonaws.com', method: 'POST', body: 'Action=X&B=ü', headers: { ...date } }, { ...keys, sessionToken: 't' }),
    aws4.sign({ service: 's3', region: 'eu-central-1', path: '/b/k ü?x=1&x&X-Amz-Date=20150830T123600Z', signQuery: true, headers: { ...date } }, keys).path, new aws4.RequestSigner({ service: 'iam', path: '/a/../b//c?z=1&a=2', headers: { ...date } }, keys).canonicalString(),
  ];
};
