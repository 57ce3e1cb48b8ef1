async function lambda() {
  const fired = [];
  const timer = setTimeout(() => fired.push('timer'), 10);
  const facts = [timer.hasRef(), timer.unref().hasRef(), timer.ref().hasRef(), typeof +timer, timer.constructor.name];
  const byId = setTimeout(() => fired.push('by id'), 10);
  clearTimeout(+byId);
  const byText = setTimeout(() => fired.push('by text'), 10);
  clearTimeout(`${byText}`);
  const refreshed = setTimeout(() => fired.push('refreshed'), 10);
  setTimeout(() => refreshed.refresh(), 8);
  let self;
  setTimeout(function (a, b) {
    self = [this.constructor.name, a, b];
  }, 1, 'a', 'b');
  const interval = setInterval(() => {
    fired.push('interval');
    interval.close();
  }, 3);
  clearTimeout(undefined);
  clearTimeout({});
  clearInterval(12345);
  await new Promise((resolve) => setTimeout(resolve, 30));
  let refused;
  try {
    setTimeout('code', 1);
  } catch (error) {
    refused = `${error.name} ${error.code}`;
  }
  return { facts, fired, self, refused };
}
