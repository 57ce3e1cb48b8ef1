const { concat, forkJoin, from, interval, merge, of, Subject, throwError, timer, zip, BehaviorSubject, ReplaySubject } = require('rxjs');
const ops = require('rxjs/operators');

const lambda = async () => {
  const subject = new Subject();
  const heard = [];
  subject.pipe(ops.distinctUntilChanged(), ops.scan((sum, n) => sum + n, 0)).subscribe((n) => heard.push(n));
  [1, 1, 2, 2, 3].forEach((n) => subject.next(n));
  const replay = new ReplaySubject(2);
  [1, 2, 3].forEach((n) => replay.next(n));
  replay.complete();
  return [
    await from([1, 2, 3, 4]).pipe(ops.filter((n) => n % 2 === 0), ops.map((n) => n * 10), ops.toArray()).toPromise(), heard, await interval(2).pipe(ops.take(3), ops.reduce((all, n) => all.concat(n), [])).toPromise(), await forkJoin({ a: of(1), b: timer(1).pipe(ops.mapTo(2)) }).toPromise(), await replay.pipe(ops.toArray()).toPromise(),
    await throwError(new Error('no')).pipe(ops.retry(2), ops.catchError((error) => of(error.message))).toPromise(), await concat(of(1), of(2).pipe(ops.delay(2)), of(3)).pipe(ops.toArray()).toPromise(), await zip(of('a', 'b'), of(1, 2)).pipe(ops.toArray()).toPromise(), await of(3, 1, 2).pipe(ops.mergeMap((n) => timer(n * 8).pipe(ops.mapTo(n))), ops.toArray()).toPromise(),
    await timer(30).pipe(ops.timeout(3), ops.catchError((error) => of(error.name))).toPromise(), await merge(of(1), of(2)).pipe(ops.groupBy((n) => n), ops.mergeMap((group) => group.pipe(ops.count())), ops.toArray()).toPromise(), new BehaviorSubject(7).getValue(), await of(1, 2, 3, 4, 5).pipe(ops.bufferCount(2), ops.toArray()).toPromise(),
  ];
};
