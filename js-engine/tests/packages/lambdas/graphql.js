const { buildSchema, graphql, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString, introspectionFromSchema, parse, print, printSchema, validate, visit } = require('graphql');

const lambda = async () => {
  const schema = buildSchema('type Query { user(id: ID!): User, all(first: Int = 2): [User!]! } type User { id: ID! name(loud: Boolean): String friends: [User] } enum Kind { A B } type Mutation { add(kind: Kind!): Int }');
  const user = (id) => ({ id, name: ({ loud }) => (loud ? `N${id}`.toUpperCase() : `n${id}`), friends: () => (id < 3 ? [user(id + 1)] : []) });
  const root = { user: ({ id }) => user(Number(id)), all: async ({ first }) => Array.from({ length: first }, (_, at) => user(at)), add: ({ kind }) => { if (kind === 'B') throw new Error('no B'); return 1; } };
  const Own = new GraphQLObjectType({ name: 'Query', fields: { list: { type: new GraphQLList(new GraphQLNonNull(GraphQLInt)), resolve: () => [1, null] }, text: { type: GraphQLString, resolve: (source, args, context) => context.text } } });
  const names = [];
  visit(parse('{ a { b c(x: 1) } }'), { Field: (node) => { names.push(node.name.value); } });
  return [
    await graphql(schema, 'query Q($id: ID!) { user(id: $id) { ...f friends { name(loud: true) friends { id } } } all { id } } fragment f on User { id name }', root, null, { id: '1' }), await graphql(schema, 'mutation { add(kind: B) }', root), await graphql(schema, '{ user { nme } }', root), await graphql(schema, '{ user(', root),
    await graphql(new GraphQLSchema({ query: Own }), '{ list text }', null, { text: 'ü' }), print(parse('query($a:[Int!]=[1,2]){x(a:$a,b:{c:"d"})@skip(if:true){y}}')), printSchema(schema), validate(schema, parse('{ all(first: "x") }')).map(({ message }) => message), names, introspectionFromSchema(schema).__schema.types.length,
  ];
};
