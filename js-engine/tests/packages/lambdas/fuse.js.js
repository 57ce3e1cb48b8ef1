const Fuse = require('fuse.js');

const lambda = async () => {
  const books = [{ title: "Old Man's War", author: { name: 'John Scalzi' }, tags: ['war'] }, { title: 'The Lock Artist', author: { name: 'Steve Hamilton' }, tags: ['crime', 'lock'] }, { title: 'HTML5', author: { name: 'Remy Sharp' } }, { title: 'Right Ho Jeeves', author: { name: 'P.D. Mans' } }];
  const round = (found) => found.map(({ refIndex, score, matches }) => [refIndex, score && score.toFixed(6), matches]);
  return [
    round(new Fuse(books, { keys: ['title', 'author.name'], includeScore: true, includeMatches: true }).search('man')), round(new Fuse(books, { keys: [{ name: 'title', weight: 0.3 }, { name: 'tags', weight: 0.7 }], includeScore: true, threshold: 0.3 }).search('lock')), round(new Fuse(['apple', 'aple', 'orange'], { includeScore: true, isCaseSensitive: true }).search('appel')),
    round(new Fuse(books, { keys: ['title'], useExtendedSearch: true }).search("^The | 'Old | !x$")), new Fuse(books, { keys: ['title'] }).search({ $and: [{ title: 'lock' }, { title: 'artist' }] }).length,
  ];
};
