function bound(target) {}
@bound
class Service {
  accessor name = 'x';
}
function lambda(input, callback) {
  callback(null, new Service().name);
}
