const { gql, GraphQLClient, rawRequest } = require('graphql-request');

const lambda = async (input) => {
  const client = new GraphQLClient(`${input.payload}/echo`, { headers: { authorization: 'Bearer t', 'user-agent': 'test' } });
  const told = ({ message, response }) => [response ? response.status : message, response && response.body];
  return [
    gql`query { a(x: ${1}) }`, await client.request('query($x: Int) { a(x: $x) }', { x: 1 }).then((data) => data === undefined, told), (await client.rawRequest('{ b }').then(({ status }) => [status], ({ response }) => [response.status, response.method, response.body])), client.setHeader('x-a', '1').setEndpoint(`${input.payload}/bad`) === client,
    await client.request('{ c }').catch(({ response }) => [response.status, response.error]), await rawRequest(`${input.payload}/no-json`, '{ d }').catch((error) => error.type || error.name),
  ];
};
