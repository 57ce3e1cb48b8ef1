// It starts a timer when it is loaded, which the top level of a lambda may not.
const lambda = async (input) => {
  const S3 = require('aws-sdk/clients/s3');
  const SQS = require('aws-sdk/clients/sqs');
  const DynamoDB = require('aws-sdk/clients/dynamodb');
  const options = { accessKeyId: 'a', secretAccessKey: 's', region: 'eu-central-1', endpoint: input.payload, maxRetries: 0 };
  const s3 = new S3({ ...options, endpoint: undefined });
  const plain = ({ message, code, statusCode }) => [message.slice(0, 30), code, statusCode];
  const made = (request) => new Promise((resolve, reject) => request.on('build', ({ httpRequest }) => resolve([httpRequest.method, httpRequest.path, httpRequest.body.toString(), httpRequest.headers['X-Amz-Target']])).on('error', reject).build());
  return [
    s3.getSignedUrl('getObject', { Bucket: 'bucket', Key: 'a key/ü.txt', Expires: 60 }).replace(/(Credential|Date|Signature|Expires)=[^&]*/g, '$1='), DynamoDB.Converter.marshall({ a: 1, b: ['x', null, true], c: { d: Buffer.from('e') } }), DynamoDB.Converter.unmarshall({ s: { SS: ['a'] }, n: { N: '1.5' }, m: { M: { x: { BOOL: true } } } }),
    await made(new SQS(options).sendMessage({ QueueUrl: 'http://q/1', MessageBody: 'b ü', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } })), await made(new DynamoDB.DocumentClient(options).put({ TableName: 't', Item: { id: 1, list: [{ a: 'b' }] } })), await made(new S3(options).putObject({ Bucket: 'b', Key: 'k', Body: 'x' })),
    await s3.getObject({ Bucket: 'b' }).promise().catch(plain), await new DynamoDB({ ...options, endpoint: 'http://127.0.0.1:1' }).listTables().promise().catch(({ code }) => code), (await new DynamoDB(options).listTables().promise()).TableNames,
  ];
};
