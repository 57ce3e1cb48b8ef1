let a = 1;
let a = 2;
function lambda(input, callback) {
  break;
}
for (;;) { continue nowhere; }
