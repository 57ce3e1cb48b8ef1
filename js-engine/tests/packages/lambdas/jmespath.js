const jmespath = require('jmespath');

const lambda = async () => {
  const data = { people: [{ name: 'a', age: 30, tags: ['x', 'y'] }, { name: 'b', age: 20, tags: [] }, { name: 'c', age: 25, tags: ['x'] }], deep: { a: { v: 1 }, b: { v: 2 } } };
  return [
    'people[?age > `20`].name', 'people[*].tags[]', 'deep.*.v | sum(@)', 'sort_by(people, &age)[0].name', 'people[?contains(tags, `"x"`)] | length(@)', '{first: people[0].name, last: people[-1].name}', 'people[1:].[name, age]', 'max_by(people, &age).name', 'join(`","`, people[].name)', 'missing.x', 'people[::-1].name', 'to_string(deep)',
  ].map((query) => jmespath.search(data, query)).concat((() => { try { return jmespath.search(data, 'people['); } catch (error) { return [error.name, error.message]; } })());
};
