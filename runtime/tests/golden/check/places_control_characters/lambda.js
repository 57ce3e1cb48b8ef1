const a = '[31mred', b = '‮gnp.exe'; nope(a, b);
function lambda(input, callback) { callback(null, 1); }
